import AdaptiveCore
import Delegation
import Testing

@testable import CommandLineInterface

/// Files made to bring a reader down end in an error like any other.
@Suite struct CampaignHostileTests {
  @Test func anchorsAndAliasesAreRefusedBeforeTheyAreFollowed() {
    var bomb = "a0: &a0 [x, x]\n"
    for level in 1...40 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    bomb += "? *a40\n: 1\n"
    #expect(refusal(of: bomb).hasPrefix("c.yaml:1:5: found an anchor or alias"))
    #expect(refusal(of: "a: [1,*b]").hasPrefix("c.yaml:1:7: found an anchor or alias"))
    // Quoted, in a comment, or within a word they are text.
    let text = smallCampaign(name: "name: \"*a 'b\" # &c *d\n", more: "seed: 1 # it's *x")
    #expect(refusal(of: text).hasPrefix("accepted"))
    #expect(refusal(of: smallCampaign(name: "name: a*b&c")).hasPrefix("accepted"))
  }

  @Test(arguments: ["[", "{a: ", "- ", "? "])
  func deepNestingIsRefused(opening: String) {
    let text = String(repeating: opening, count: Limits.campaignFileBytesMax / opening.utf8.count)
    #expect(refusal(of: text).hasPrefix("c.yaml:1:"))
    let less = String(repeating: opening, count: 100)
    #expect(refusal(of: less).hasPrefix("c.yaml:"))
  }

  @Test func sizeAndEncodingAreChecked() {
    let long = [UInt8](repeating: UInt8(ascii: " "), count: Limits.campaignFileBytesMax + 1)
    #expect(throws: EarlyEnd.self) {
      try CampaignReader.read(long, source: "c.yaml", folder: "/")
    }
    for bytes: [UInt8] in [[0xFF, 0xFE, 0x61, 0x00], [0x61, 0x3A, 0xC3, 0x28]] {
      do throws(EarlyEnd) {
        _ = try CampaignReader.read(bytes, source: "c.yaml", folder: "/")
        Issue.record("accepted \(bytes)")
      } catch { #expect(error.detail == "c.yaml: found bytes that are not UTF-8 text") }
    }
    #expect(refusal(of: "a: \u{0}").contains("not YAML"))
    #expect(refusal(of: "\u{FEFF}" + smallCampaign()).hasPrefix("accepted"))
  }

  /// 4,000 files, each a good one with some bytes changed, removed, doubled or moved.
  @Test(arguments: 1...8)
  func mutatedFilesNeverTrap(seed: Int) {
    var random = RandomSource(seed: UInt64(seed))
    let whole = Array(wholeCampaign.utf8)
    let marks = Array("{}[]:,-#&*!|>'\"%@`?\n\t 0e.".utf8)
    var acceptedCount = 0
    for round in 0..<500 {
      var bytes = whole
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 1..<40, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] = marks.randomElement(using: &random)!
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.insert(marks.randomElement(using: &random)!, at: place)
        default: bytes = Array(bytes[..<end])
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      do throws(EarlyEnd) {
        let campaign = try CampaignReader.read(bytes, source: "c.yaml", folder: "/campaigns")
        acceptedCount += 1
        #expect(!campaign.learners.isEmpty, "seed \(seed), round \(round)")
      } catch {
        #expect(error.exitCode == .campaignWrong, "seed \(seed), round \(round): \(error)")
        #expect(error.detail.hasPrefix("c.yaml"), "seed \(seed), round \(round): \(error)")
      }
    }
    #expect(acceptedCount > 0 && acceptedCount < 500, "seed \(seed)")
  }
}
