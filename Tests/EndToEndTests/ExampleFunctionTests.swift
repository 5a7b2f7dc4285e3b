import Foundation
import Testing
import _TestSupport

extension EndToEndTests {
  /// Every example with a function of its own, from its own folder, as its README says.
  @Suite(.serialized) struct ExampleFunctionTests {
    private static let repository = Programs.repository

    /// A copy of an example, which must not write into the repository.
    private func copy(_ example: String) throws -> TemporaryDirectory {
      let folder = try TemporaryDirectory()
      let source = Self.repository.appendingPathComponent("examples/\(example)")
      for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
        try FileManager.default.copyItem(
          atPath: source.appendingPathComponent(name).path, toPath: folder.path(name))
      }
      return folder
    }

    private func run(_ command: [String], in folder: TemporaryDirectory) throws -> ProcessOutcome {
      try RunningProcess(command, directory: folder.path).finish(within: 600)
    }

    /// The points and values of each learner, from the exported table.
    private func sample(
      _ folder: TemporaryDirectory, _ directory: String, program: String? = nil
    ) throws -> [String: [(x: Double, y: Double)]] {
      let launcher = try CampaignFolder.openMPI.get()
      let world = try (program.map { try MPILauncher(program: $0) } ?? launcher).start(
        ranks: 4, ["run", "campaign.yaml"], directory: folder.path)
      let outcome = world.finish(within: 120)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let table = try run([launcher.program, "export", directory], in: folder).standardOutput
        .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
      let header = try #require(table.first)
      let x = try #require(header.firstIndex(of: "x0"))
      let y = try #require(header.firstIndex { $0.hasPrefix("y") })
      var learners: [String: [(x: Double, y: Double)]] = [:]
      for row in table.dropFirst() {
        learners[row[0], default: []].append((Double(row[x]) ?? .nan, Double(row[y]) ?? .nan))
      }
      return learners
    }

    /// Resonances narrower than a grid of as many points would see.
    private func expectResonances(_ learners: [String: [(x: Double, y: Double)]]) {
      #expect(learners.keys.sorted() == ["width=1.0", "width=2.0"])
      for (name, points) in learners {
        #expect(points.allSatisfy { $0.y >= 0 && $0.y <= 1 + 1e-9 })
        #expect(points.contains { $0.y > 0.99 }, "\(name) has no resonance")
        #expect(points.contains { $0.y < 1e-3 })
      }
    }

    @Test func python() throws {
      expectResonances(try sample(copy("python"), "runs/double-barrier"))
    }

    /// The values are those of the same physics in Python, at each point.
    @Test func fortran() throws {
      let folder = try copy("fortran")
      let compiler = try run(
        ["gfortran", "-O2", "-fPIC", "-shared", "-o", "libbarrier.so", "barrier.f90"], in: folder)
      #expect(compiler.exitCode == 0, "\(compiler)")
      let learners = try sample(folder, "runs/double-barrier")
      expectResonances(learners)
      for (name, width) in [("width=1.0", 1.0), ("width=2.0", 2.0)] {
        let points = learners[name] ?? []
        let text = points.map { "\($0.x) \($0.y)" }.joined(separator: "\n")
        try folder.write(text, to: "points")
        let worst = try Python.run(
          """
          import sys
          sys.path.insert(0, sys.argv[1])
          from barrier import transmission
          worst = 0
          for line in open(sys.argv[2]):
              x, y = map(float, line.split())
              expected = transmission(x, height=1.0, width=float(sys.argv[3]), well=4.0)
              worst = max(worst, abs(y - expected) / expected)
          print(worst)
          """, Self.repository.appendingPathComponent("examples/python").path,
          folder.path("points"), "\(width)")
        // Square roots and powers differ in the last digits, and a resonance magnifies that.
        #expect((Double(worst) ?? .infinity) < 1e-8, "\(name)")
        #expect(points.count >= 100)
      }
    }

    /// Against the series for small swings, and what happens on the head.
    @Test func cpp() throws {
      let folder = try copy("cpp")
      let include = Self.repository.appendingPathComponent("include").path
      let compiler = try run(
        ["c++", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-I", include]
          + ["-o", "libpendulum.so", "pendulum.cpp"], in: folder)
      #expect(compiler.exitCode == 0, "\(compiler)")
      let points = try sample(folder, "runs/pendulum")["period"] ?? []
      #expect(points.count >= 200 && points.contains { $0.x > 170 && $0.y > 2.5 })
      for (x, y) in points where x < 30 {
        let a = x * .pi / 180
        let series = 1 + a * a / 16 + 11 * pow(a, 4) / 3072 + 173 * pow(a, 6) / 737_280
        #expect(abs(y - series) < 1e-5)
      }
      let failed = try run(
        [
          try CampaignFolder.openMPI.get().program, "export", "runs/pendulum", "--include",
          "failed",
        ],
        in: folder)
      #expect(failed.standardOutput.contains("a pendulum on its head has no period"))
    }

    @Test func program() throws {
      let learners = try sample(copy("program"), "runs/lorentz")
      #expect(learners.keys.sorted() == ["gamma=0.01", "gamma=0.1"])
      for (name, gamma) in [("gamma=0.01", 0.01), ("gamma=0.1", 0.1)] {
        for (x, y) in learners[name] ?? [] {
          #expect(abs(y - gamma * gamma / (gamma * gamma + x * x)) < 1e-15)
        }
      }
    }

    /// A loss in C: more points where the wave turns than the built-in loss has there.
    @Test func loss() throws {
      let folder = try copy("loss")
      let include = Self.repository.appendingPathComponent("include").path
      let compiler = try run(
        ["cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-I", include]
          + ["-o", "libturning.so", "turning.c", "-lm"], in: folder)
      #expect(compiler.exitCode == 0, "\(compiler)")
      let learners = try sample(folder, "runs/turning")
      let turning = try #require(learners["turning"])
      let plain = try #require(learners["default"])
      #expect(turning.count >= 100 && plain.count >= 100)
      // A wave turns where it is highest and lowest.
      func share(_ points: [(x: Double, y: Double)]) -> Double {
        let largest = points.map { abs($0.y) }.max() ?? 0
        return Double(points.count { abs($0.y) > 0.8 * largest }) / Double(points.count)
      }
      #expect(share(turning) > 1.1 * share(plain))
    }

    @Test func learners() throws {
      let learners = try sample(copy("learners"), "runs/learners")
      #expect(
        learners.keys.sorted() == ["baseline", "integral", "list", "mean", "picture"])
    }

    /// A package of its own, built beside this one, with a function in Swift and all of the command
    /// line.
    @Test(arguments: ["auto", "process"])
    func swift(isolation: String) throws {
      let package = Self.repository.appendingPathComponent("examples/swift").path
      let scratch = Self.repository.appendingPathComponent(".build-example").path
      // Builds that share a folder for temporary files wait for one another, and this test may run
      // within one.
      let temporary = try TemporaryDirectory()
      let build = try RunningProcess(
        ["swift", "build", "--package-path", package, "--scratch-path", scratch],
        environment: ["TMPDIR": temporary.path]
      ).finish(within: 900)
      #expect(build.exitCode == 0, "\(build)")
      let program = "\(scratch)/debug/peaks"
      let folder = try TemporaryDirectory()
      let text = try String(contentsOfFile: package + "/campaign.yaml", encoding: .utf8)
        .replacing("{swift: peak}", with: "{swift: peak, isolation: \(isolation)}")
      try folder.write(text, to: "campaign.yaml")

      let check = try run([program, "check", "campaign.yaml"], in: folder)
      #expect(check.exitCode == 0 && check.standardOutput.contains("swift peak"), "\(check)")
      let unknown = try run(
        [program, "check", "campaign.yaml", "--set", "function={swift: pea}"], in: folder)
      #expect(unknown.exitCode == 78 && unknown.standardError.contains("peak, wave"), "\(unknown)")
      let bare = try run(
        [try CampaignFolder.openMPI.get().program, "check", "campaign.yaml"], in: folder)
      #expect(bare.exitCode == 78 && bare.standardError.contains("brings none"), "\(bare)")

      let refused = try run(
        [program, "check", "campaign.yaml"] + [
          "--set", "learners=[{name: a, kind: 1d, bounds: [0, 1], parameters: {width: -1}}]",
        ], in: folder)
      #expect(
        refused.exitCode == 76 && refused.standardError.contains("needs a width, not -1.0"),
        "\(refused)")

      let world = try MPILauncher(program: program).start(
        ranks: 4, ["run", "campaign.yaml", "--goal-npoints", "60"], directory: folder.path)
      let outcome = world.finish(within: 60)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let contents = try RunContents(directory: folder.path("runs/peaks"))
      for (learner, width) in zip(contents.learners, [0.01, 0.1, 0.05]) {
        #expect(learner.points.count >= 60)
        for (x, y) in zip(learner.points.map(\.double), learner.values.map(\.double)) {
          #expect(y == x + width * width / (width * width + x * x))
        }
      }
    }
  }
}
