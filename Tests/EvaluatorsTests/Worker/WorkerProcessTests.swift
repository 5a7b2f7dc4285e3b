import AdaptiveCore
import Evaluators
import Foundation
import Glibc
import Learners
import NodeRuntime
import Testing
import _TestSupport

/// What a worker is as a process, and what happens when it does not keep to the rules.
@Suite struct WorkerProcessTests {
  let folder: WorkerFolder

  init() throws { folder = try WorkerFolder() }

  @Test func itInheritsNothingOfOurWorld() throws {
    let inherited = [
      "PATH=/bin", "OMPI_COMM_WORLD_RANK=1", "PMIX_RANK=1", "PMI_FD=5", "SLURM_PROCID=3",
      "SLURM_STEP_ID=0", "SLURM_JOB_ID=7", "SLURM_JOB_NODELIST=n1", "MPI_LOCALRANKID=0",
      "OMPI_ALLOW_RUN_AS_ROOT=1", "HYDRA_X=1", "OMP_NUM_THREADS=3",
    ]
    #expect(
      ChildEnvironment.texts(
        inherited: inherited, added: [EnvironmentVariable(name: "PATH", value: "/usr/bin")])
        == [
          "SLURM_JOB_ID=7", "SLURM_JOB_NODELIST=n1", "OMPI_ALLOW_RUN_AS_ROOT=1",
          "OMP_NUM_THREADS=3", "PATH=/usr/bin",
        ])
  }

  /// Blocked signals, descriptors and process group, as the worker itself sees them.
  @Test func itHasOurDescriptorsAndSignalsNot() throws {
    var blocked = sigset_t()
    var before = sigset_t()
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGUSR1)
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let spare = open("/dev/null", O_RDONLY)
    defer { close(spare) }
    let evaluator = try folder.python(
      """
      import os
      def f(x):
          descriptors = [int(n) for n in os.listdir("/proc/self/fd")]
          status = dict(line.split(":", 1) for line in open("/proc/self/status"))
          return (sum(d > 3 and os.path.exists("/proc/self/fd/%d" % d) for d in descriptors),
                  int(status["SigBlk"], 16), os.getpgrp() == os.getpid(), os.read(0, 1) == b"",
                  os.environ["OMP_NUM_THREADS"] != "")
      """)
    try evaluator.setUp([learner(valueCount: 5)])
    defer { evaluator.tearDown() }
    #expect(evaluator.evaluated([0]).values == [0, 0, 1, 1, 1])
  }

  @Test func nothingIsLeftAfterTheTearDown() throws {
    let evaluator = try folder.python(
      "import os, subprocess\nchild = subprocess.Popen(['sleep', '1000'])\n"
        + "def f(x): return (os.getpid(), child.pid)")
    try evaluator.setUp([learner(valueCount: 2)])
    let pids = evaluator.evaluated([0]).values.map { pid_t($0) }
    #expect(pids.allSatisfy { ProcessEntry(pid: $0) != nil })
    evaluator.tearDown()
    try wait(for: "the processes to end", seconds: 10) {
      pids.allSatisfy { ProcessEntry(pid: $0) == nil }
    }
  }

  @Test func theLogIsBoundedWhateverIsPrinted() throws {
    let evaluator = try folder.python(
      "def f(x):\n    for i in range(200): print('x' * 100000)\n    print('end')\n    return x")
    try evaluator.setUp([learner()])
    defer { evaluator.tearDown() }
    #expect(evaluator.evaluated([1]).values == [1])
    _ = evaluator.evaluated([1])
    let sizes = ["leaf-3.log", "leaf-3.log.1"].map { name in
      FileManager.default.contents(atPath: folder.folder.path("logs/\(name)"))?.count ?? 0
    }
    #expect(sizes.allSatisfy { $0 > 0 && $0 <= Limits.outputLogBytesMax })
    #expect(
      try FileManager.default.contentsOfDirectory(
        atPath: folder.folder.path("logs")
      ).count == 2)
  }

  /// An interpreter that is none, and says something else over the connection.
  @Test(arguments: [
    "\\0\\0\\0\\0\\2\\7\\0\\0", "\\377\\377\\377\\377\\2\\1\\0\\0", "\\0\\0\\0\\0\\11\\1\\0\\0",
    "\\0\\0\\0\\0\\5\\1\\0\\0", "\\1\\0\\0\\0\\2\\1\\0\\0x", "",
  ])
  func aWorkerThatSpeaksAnotherLanguageIsRefused(bytes: String) throws {
    let script = try folder.folder.write(
      "#!/bin/sh\nprintf '\(bytes)' >&3\nsleep 0.2\n", to: "odd")
    chmod(script, 0o700)
    let evaluator = try folder.python("def f(x): return x", interpreter: script)
    do {
      try evaluator.setUp([learner()])
      // Its first word was as it should be; the text after it was not.
      #expect(evaluator.evaluated([1]).failures.first?.failure.kind == .ended)
      evaluator.tearDown()
    } catch let error as EvaluatorError {
      #expect(error.detail.contains("worker"), "\(error)")
    }
  }

  @Test func damagedFramesNeverTrap() throws {
    let seed = TestSeed()
    var generator = seed.generator(stream: 1)
    let learners = [try learner(parameters: [("a", 1)], valueCount: 2)].map(
      WorkerStart.Learner.init)
    let start = WorkerStart(
      function: "python", rank: 1, rankCount: 2, settings: [.init("k", ["v", "w"])],
      learners: learners)
    var batch = EvaluationBatch(learner: LearnerIndex(0), count: 3, points: [1, 2, 3])
    batch.drawSeeds(learnerSeed: 0, dimension: 1)
    batch.values = [1, 2, 3, 4, 5, 6]
    batch.failures = [.init(index: 1, failure: Failure(.raised, "text"))]
    var frames = [WorkerFrame(), WorkerFrame(), WorkerFrame()]
    frames[0].write(start)
    frames[1].write(points: batch, 0..<3, dimension: 1)
    frames[2].write(results: batch, valueCount: 2)
    let bodies = frames.map { Array($0.bytes.dropFirst(WorkerMessage.headBytes)) }
    let readStart = try WorkerSocket.read(bodies[0]) { (reader) throws(DecodingError) in
      try reader.readWorkerStart()
    }
    #expect(readStart == start)
    var read = batch
    read.failures = []
    try WorkerSocket.read(bodies[2]) { (reader) throws(DecodingError) in
      try reader.readWorkerResults(into: &read, 0..<3, valueCount: 2)
    }
    #expect(read.failures.map(\.failure) == batch.failures.map(\.failure))

    var refusedCount = 0
    for round in 0..<30_000 {
      var body = bodies[round % 3]
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        body[Int.random(in: body.indices, using: &generator)] =
          .random(in: 0...255, using: &generator)
      }
      if round % 5 == 0 { body.removeLast(Int.random(in: 0...body.count, using: &generator)) }
      if !canBeRead(body, round % 3, batch, learners) { refusedCount += 1 }
    }
    #expect(refusedCount > 1000, "\(seed)")
  }

  private func canBeRead(
    _ body: [UInt8], _ kind: Int, _ batch: EvaluationBatch, _ learners: [WorkerStart.Learner]
  ) -> Bool {
    do throws(DecodingError) {
      try WorkerSocket.read(body) { (reader) throws(DecodingError) in
        var into = batch
        switch kind {
        case 0: _ = try reader.readWorkerStart()
        case 1: _ = try reader.readWorkerPoints(learners)
        default: try reader.readWorkerResults(into: &into, 0..<3, valueCount: 2)
        }
      }
      return true
    } catch {
      return false
    }
  }
}
