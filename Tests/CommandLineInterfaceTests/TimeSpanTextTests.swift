import AdaptiveCore
import Testing

@testable import CommandLineInterface

@Suite struct TimeSpanTextTests {
  @Test(arguments: [
    ("90", 90.0), ("90s", 90), ("0.5", 0.5), ("30m", 1800), ("4h", 14400), ("1.5h", 5400),
    ("2d", 172800), ("1e3", 1000), ("02:03", 123), ("1:00:00", 3600), ("4:05:06", 14706),
    ("100:00:00", 360_000), ("1-12:00:00", 129_600), ("1-12", 129_600), ("2-01:30", 178_200),
  ])
  func theFormsOfBatchSystemsAreRead(text: String, seconds: Double) {
    #expect(TimeSpan(text: text) == TimeSpan(seconds: seconds))
  }

  @Test(arguments: [
    "", "s", "-5", "5 m", "1:60:00", "1:2:3:4", ":30", "1:", "1--2", "-1:00", "1-", "nan", "inf",
    "1e999", "0x10", "99999999999d", "1:00:00s", "1d-2", "١", "9999999999:00",
  ])
  func otherTextsAreNot(text: String) {
    #expect(TimeSpan(text: text) == nil)
  }

  @Test(arguments: [
    (0.2, "0s"), (59.4, "59s"), (59.6, "1m 00s"), (725, "12m 05s"), (11220, "3h 07m"),
    (187_200, "2d 04h"), (-4, "0s"),
  ])
  func aTimeIsShownShort(seconds: Double, text: String) {
    #expect(TimeSpan(seconds: seconds).text == text)
  }
}
