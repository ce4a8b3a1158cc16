import type { Value } from "../value";
import { objectFrom } from "../values";
import { REFUSED } from "./function";

/**
 * The rows of CSV by the names in its first one, read as Go's `encoding/csv` reads it: RFC 4180, empty lines passed
 * over, a quote inside an unquoted field refused, every row as long as the first.
 */
export function csvRows(text: string): Value[] | typeof REFUSED {
  const records = recordsOf(text.replaceAll("\r\n", "\n").replace(/\r$/, ""));
  const [names, ...rows] = records ?? [];
  if (names === undefined || new Set(names).size < names.length) return REFUSED;
  if (rows.some((row) => row.length !== names.length)) return REFUSED;
  return rows.map((row) => objectFrom(names.map((name, index) => [name, row[index] as string])));
}

/** An unquoted field, or a quoted one in which a quote is written twice. */
const FIELD = /"((?:[^"]|"")*)"(?=[,\n]|$)|([^",\n]*)(?=[,\n]|$)/y;

/** Undefined where a quote stands where none may. */
function recordsOf(text: string): string[][] | undefined {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length || record.length > 0) {
    if (record.length === 0 && text[at] === "\n") {
      at += 1;
      continue;
    }
    FIELD.lastIndex = at;
    const match = FIELD.exec(text);
    if (!match) return undefined;
    record.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    at += match[0].length;
    if (text[at] === ",") {
      at += 1;
      if (at < text.length) continue;
      record.push("");
    } else at += 1;
    records.push(record);
    record = [];
  }
  return records;
}
