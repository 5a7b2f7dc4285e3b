/// Stops the process when the program itself is wrong: who, and in which state, found what.
///
/// Never for outside input (campaign, checkpoint, plug-in, command output), which ends in an error
/// with advice; an impossible message from a peer of the same build does end here.
@inlinable
package func invariant(
  _ holds: @autoclosure () -> Bool, _ broken: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  precondition(holds(), broken(), file: file, line: line)
}
