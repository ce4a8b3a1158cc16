import { type Functions, type Outcome, REFUSED, takes } from "./function";

export const TIME_FUNCTIONS: Functions = [
  ["formatdate", takes(["string", "string"], formatted)],
  ["timeadd", takes(["string", "string"], added)],
  ["timecmp", takes(["string", "string"], compared)],
];

/** A time of RFC 3339: nanoseconds since 1970, and how many minutes the clock of its place is ahead. */
interface Time {
  readonly nanoseconds: bigint;
  readonly offset: number;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Undefined for what is no time. */
function timeOf(text: string): Time | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [, , , , , , , fraction = "", sign, hours = "0", minutes = "0"] = match;
  if (hour > 23 || minute > 59 || second > 59 || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  const seconds = BigInt(date.getTime() / 1000 - offset * 60);
  return { nanoseconds: seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, "0")), offset };
}

/** The clock of the place, in a date of UTC. */
function clockOf({ nanoseconds, offset }: Time): Date {
  const seconds = nanoseconds / 1_000_000_000n - (nanoseconds % 1_000_000_000n < 0n ? 1n : 0n);
  return new Date((Number(seconds) + offset * 60) * 1000);
}

function compared(one: string, other: string): Outcome {
  const [a, b] = [timeOf(one), timeOf(other)];
  if (!a || !b) return REFUSED;
  return a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0;
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Nanoseconds of a duration such as `1h30m`; undefined for what is none, or more than Go's 64 bits. */
function durationOf(text: string): bigint | undefined {
  const [, sign, parts = ""] =
    /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  let sum = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of parts.matchAll(/(\d*)\.?(\d*)([a-zµμ]+)/g)) {
    const size = UNITS[unit] as bigint;
    sum += BigInt(whole || "0") * size + (BigInt(fraction || "0") * size) / 10n ** BigInt(fraction.length);
  }
  if (sum >= 1n << 63n) return undefined;
  return sign === "-" ? -sum : sum;
}

function added(text: string, duration: string): Outcome {
  const time = timeOf(text);
  const more = durationOf(duration);
  if (!time || more === undefined) return REFUSED;
  const result = { ...time, nanoseconds: time.nanoseconds + more };
  const clock = clockOf(result);
  const year = clock.getUTCFullYear();
  if (year < 0 || year > 9999) return undefined;
  return `${clock.toISOString().slice(0, 19)}${zone(result.offset, ":", "Z")}`;
}

function zone(offset: number, between: string, utc?: string): string {
  if (offset === 0 && utc !== undefined) return utc;
  const size = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${digits(Math.floor(size / 60))}${between}${digits(size % 60)}`;
}

function digits(number: number, count = 2): string {
  return String(number).padStart(count, "0");
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

/** What each verb of `formatdate` shows (https://developer.hashicorp.com/terraform/language/functions/formatdate). */
const VERBS: Readonly<Record<string, (clock: Date, offset: number) => string>> = {
  YY: (clock) => digits(clock.getUTCFullYear() % 100),
  YYYY: (clock) => digits(clock.getUTCFullYear(), 4),
  M: (clock) => String(clock.getUTCMonth() + 1),
  MM: (clock) => digits(clock.getUTCMonth() + 1),
  MMM: (clock) => (MONTHS[clock.getUTCMonth()] as string).slice(0, 3),
  MMMM: (clock) => MONTHS[clock.getUTCMonth()] as string,
  D: (clock) => String(clock.getUTCDate()),
  DD: (clock) => digits(clock.getUTCDate()),
  EEE: (clock) => (DAYS[clock.getUTCDay()] as string).slice(0, 3),
  EEEE: (clock) => DAYS[clock.getUTCDay()] as string,
  h: (clock) => String(clock.getUTCHours()),
  hh: (clock) => digits(clock.getUTCHours()),
  H: (clock) => String(clock.getUTCHours() % 12 || 12),
  HH: (clock) => digits(clock.getUTCHours() % 12 || 12),
  AA: (clock) => (clock.getUTCHours() < 12 ? "AM" : "PM"),
  aa: (clock) => (clock.getUTCHours() < 12 ? "am" : "pm"),
  m: (clock) => String(clock.getUTCMinutes()),
  mm: (clock) => digits(clock.getUTCMinutes()),
  s: (clock) => String(clock.getUTCSeconds()),
  ss: (clock) => digits(clock.getUTCSeconds()),
  Z: (_, offset) => zone(offset, ":", "Z"),
  ZZZ: (_, offset) => zone(offset, "", "UTC"),
  ZZZZ: (_, offset) => zone(offset, ""),
  ZZZZZ: (_, offset) => zone(offset, ":"),
};

function formatted(format: string, text: string): Outcome {
  const time = timeOf(text);
  if (!time) return REFUSED;
  const clock = clockOf(time);
  const parts: string[] = [];
  for (const [token, quoted] of format.matchAll(/'((?:[^']|'')*)'?|([a-zA-Z])\2*|[^'a-zA-Z]+/g)) {
    if (token === "''") parts.push("'");
    else if (quoted !== undefined) {
      if (token.length === 1 || !token.endsWith("'") || quoted.endsWith("'") !== /''$/.test(quoted))
        return REFUSED;
      parts.push(quoted.replaceAll("''", "'"));
    } else if (/^[a-zA-Z]/.test(token)) {
      if (!Object.hasOwn(VERBS, token)) return REFUSED;
      parts.push((VERBS[token] as (clock: Date, offset: number) => string)(clock, time.offset));
    } else parts.push(token);
  }
  return parts.join("");
}
