/** For what stands at the end: the note, and what closes a block of code. */
const ROOM = 1000;

/**
 * A Markdown text of no more than some bytes of UTF-8: whole lines from the beginning, with a block of code closed again, and a note
 * of how many were left out.
 *
 * @param whole where the whole text is: an address
 */
export function shortened(text, bytes, whole) {
  if (Buffer.byteLength(text) <= bytes) return text;
  const lines = text.split("\n");
  const kept = [];
  let [room, fence] = [bytes - ROOM, ""];
  for (const line of lines) {
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) break;
    kept.push(line);
    const [ticks = ""] = /^`{3,}/.exec(line) ?? [];
    if (fence === "") fence = ticks;
    else if (ticks.length >= fence.length) fence = "";
  }
  const note = `**${lines.length - kept.length} of ${lines.length} lines are left out: GitHub takes no more. All of it: ${whole}**`;
  return [...kept, ...(fence === "" ? [] : [fence]), "", note, ""].join("\n");
}
