/*
 * Calls of Terraform's functions, generated: the same ones in every run. An end-to-end test holds what the evaluator
 * makes of them against what `terraform console` does.
 */

/** A source of numbers that is the same in every run (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const TEXTS = [
  '""',
  '"a"',
  '"sg-0123"',
  '"Hello, World"',
  '"a,b,,c"',
  '"  spaced\\t"',
  '"line\\nbreak\\r\\n"',
  '"äöü ß"',
  '"e\\u0301clair"',
  '"👨‍👩‍👧 family"',
  '"10.0.0.0/16"',
  '"true"',
  '"1"',
  '"12.50"',
  '"-3"',
  '"<a&b>"',
  '"aXbXc"',
  '"under_score-dash"',
  '"日本語"',
];
const NUMBERS = [
  "0",
  "1",
  "2",
  "3",
  "-1",
  "7",
  "10",
  "16",
  "1.5",
  "-2.5",
  "0.1",
  "255",
  "1e3",
  "100000000000000000000",
  '"4"',
  "1/3",
];
const SMALL = ["0", "1", "2", "3", "4", "8", "-1", "1.5", '"2"'];
const OTHERS = ["null", "true", "false", "[]", "{}"];
const LISTS = [
  "[]",
  '["a"]',
  '["b", "a", "c"]',
  '["a", "b", "a", ""]',
  '["a", null]',
  "[1, 2, 3]",
  "[3, 1, 2, 10]",
  '[1, "a", true]',
  "[true, false]",
  "[1, true]",
  "[[1, 2], [3]]",
  '[["a"], ["b", 1]]',
  "[{ a = 1 }, { a = 2 }]",
  '[{ a = 1 }, { a = "x" }]',
  "[{ a = 1 }, { b = 2 }]",
  '["10", "9", "x"]',
  'tolist(["x", "y"])',
  'toset(["b", "a", "c"])',
  "toset([3, 1, 20])",
  "toset([])",
  'split(",", "a,b,c")',
  '["é", "Z", "a", "日本"]',
];
const MAPS = [
  "{}",
  "{ a = 1 }",
  '{ b = "x", a = "y" }',
  '{ a = 1, b = "x", c = true }',
  "{ a = { b = 1 }, c = { b = 2 } }",
  '{ a = ["x", "y"], b = ["y"] }',
  "{ a = null }",
  'tomap({ k = "v", z = "w" })',
  '{ "a.b" = 1, "ü" = 2 }',
  '{ "__proto__" = 1, constructor = 2 }',
];
const CIDRS = [
  '"10.0.0.0/16"',
  '"10.1.2.3/8"',
  '"192.168.1.0/24"',
  '"0.0.0.0/0"',
  '"2001:db8::/32"',
  '"2001:db8:1:2::/64"',
  '"::/0"',
  '"fd00::1/128"',
  '"172.16.0.0/12"',
  '"010.0.0.0/8"',
  '"10.0.0.0"',
  '"10.0.0.0/33"',
  '"300.0.0.0/8"',
  '"::ffff:10.0.0.0/104"',
  '"x"',
];
const PATTERNS = [
  '"[a-z]+"',
  '"^(\\\\w+)-(\\\\d*)$"',
  '"(?P<first>[a-z])(?P<second>[a-z]*)"',
  '"(?i)HELLO"',
  '"\\\\s+"',
  '"a|b"',
  '"(a)(?P<x>b)"',
  '"[[:alpha:]]+"',
  '"[^[:space:],]+"',
  '"\\\\p{L}+"',
  '"(?=a)"',
  '"(a"',
  '"a**"',
  '"x*"',
  '"."',
  '"(?s).+"',
  '"(?m)^.*$"',
  '"^$"',
  '"(.)(.)?"',
  '"[]a]"',
  '"\\\\."',
  '"{"',
  '"a{2,3}"',
  '"\\\\bW"',
  '"[a-"',
  '"\\\\1"',
  '"(?:ab|cd)+"',
  '"\\\\S+"',
  '"[\\\\d.]+"',
  '"^sg-[0-9a-f]+$"',
];
const REPLACED = [
  '"X"',
  '"/[aeiou]/"',
  '"/(\\\\w)(\\\\w)/"',
  '"/(?P<n>l+)/"',
  '"/x*/"',
  '"a"',
  '""',
  '"/(/"',
  '"/\\\\s/"',
  '"/"',
];
const REPLACEMENTS = ['""', '"-"', '"$1"', '"${1}_"', '"$$"', '"$2$1"', '"$1x"', '"<$${n}>"', '"\\\\1"'].map(
  (text) => text.replace("${1}", "$${1}"),
);
const FORMATS = [
  '"%s"',
  '"%d"',
  '"%5d|%-5d|"',
  '"%05d"',
  '"%x %X"',
  '"%b %o"',
  '"%v"',
  '"%#v"',
  '"%q"',
  '"%.2f"',
  '"%6.1f"',
  '"%t"',
  '"%%"',
  '"%s-%s"',
  '"%[2]s %[1]s"',
  '"%-10s|"',
  '"%010s"',
  '"%.3s"',
  '"%+d"',
  '"% d"',
  '"%e"',
  '"%g"',
  '"%z"',
  '"%"',
  '"plain"',
  '"%s %[1]q"',
];
const TIMES = [
  '"2024-02-29T12:34:56Z"',
  '"2024-01-01T00:00:00+02:00"',
  '"1999-12-31T23:59:59.123Z"',
  '"2023-02-29T00:00:00Z"',
  '"2024-01-01"',
  '"2024-06-15T07:08:09-09:30"',
  '"2024-01-01t00:00:00z"',
];
const DURATIONS = ['"1h"', '"-1.5h"', '"10m30s"', '"720h"', '"1d"', '"0"', '"250ms"', '""', '"+2h45m"'];
const DATES = [
  '"YYYY-MM-DD"',
  '"DD MMM YYYY hh:mm ZZZ"',
  '"EEEE, MMMM D, YY"',
  '"H:mm aa"',
  '"HH AA"',
  `"'it''s' h"`,
  '"Z ZZZZ ZZZZZ"',
  '"YYY"',
  '"x"',
  `"'open"`,
  `"''"`,
  '"s ss"',
  '"EEE"',
];
const JSONS = [
  '"{\\"a\\":1,\\"b\\":[true,null,\\"x\\"]}"',
  '"[1,2.50,1e2]"',
  '"\\"text\\""',
  '"null"',
  '"{"',
  '""',
  '"  12  "',
  '"{\\"__proto__\\":{\\"a\\":1}}"',
  '"[1,]"',
  '"\\"\\\\u00e9\\""',
  '"nul"',
];
const YAMLS = [
  '"a: 1\\nb: [x, \'y\', \\"z\\"]"',
  '"- yes\\n- no\\n- on\\n- off\\n- y\\n- n\\n- True"',
  "\"- ~\\n- null\\n- ''\\n-\"",
  '"a: &x {b: 1}\\nc: *x"',
  '"base: &b {k: 1, l: 2}\\nd:\\n  <<: *b\\n  l: 3"',
  '"- 0o17\\n- 0x1F\\n- 017\\n- 1_000\\n- .5\\n- 1e3\\n- +12"',
  '"- 2024-01-01\\n- 12:30\\n- 1.2.3"',
  '"a: |\\n  x\\n  y\\nb: >-\\n  p\\n  q"',
  '"a: *missing"',
  '"? [a]\\n: 1"',
  '"plain"',
  '"1: a\\ntrue: b\\nyes: c"',
  '"__proto__: 1"',
  '"a: 1\\na: 2"',
  '"---\\na: 1\\n---\\nb: 2"',
  '"a: !!str 1\\nb: !!int \\"2\\""',
  '"a: {b: {c: [1, [2]]}}"',
  '"key: value # comment"',
  '"a: \\"tab\\\\tx\\""',
  '"[1, 2"',
  '""',
];
const CSVS = [
  '"a,b\\n1,2\\n3,4"',
  '"a,b\\n\\"x,1\\",\\"y\\"\\"z\\"\\n"',
  '"a,b\\r\\n1,2\\r\\n\\r\\n3,4\\r\\n"',
  '"a,b\\n1"',
  '"a,a\\n1,2"',
  '"a"',
  '""',
  '"a,b\\nx\\"y,1"',
  '"a\\n\\"open"',
  '"a,b\\n,\\n"',
  '"a,b\\n\\"multi\\nline\\",2"',
  '" a,b \\n 1, 2"',
];
const BASE64 = ['"aGVsbG8="', '"aGVsbG8"', '"w6Q="', '"/w=="', '""', '"****"', '"aGVs\\nbG8="', '"AGEAYg=="'];
const PATHS = [
  '"/a/b/c.txt"',
  '"a/b/"',
  '"a"',
  '""',
  '"/"',
  '"./a/../b"',
  '"a//b"',
  '".."',
  '"."',
  '"a/b/../../.."',
];
const SPACES = ['"dns"', '"url"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"x"', '"oid"', '"x500"'];
const ENCODINGS = ['"UTF-8"', '"UTF-16LE"', '"ISO-8859-1"', '"utf-8"'];
const INTS = ['"ff"', '"-101"', '"7"', '"zZ"', '""', '"+12"', '"0x1f"', '"1_0"', '"12345678901234567890"'];
const BASES = ["2", "10", "16", "36", "62", "1", "8", "63"];

const ANY = [...TEXTS, ...NUMBERS, ...OTHERS, ...LISTS, ...MAPS];

/** What is tried for each argument of a function; the last one may be left out or stand several times with `rest`. */
const SHAPES: readonly (readonly [
  name: string,
  args: readonly (readonly string[])[],
  rest?: readonly string[],
])[] = [
  ["abs", [NUMBERS]],
  ["alltrue", [LISTS]],
  ["anytrue", [LISTS]],
  ["base64decode", [BASE64]],
  ["base64encode", [TEXTS]],
  ["base64sha256", [TEXTS]],
  ["base64sha512", [TEXTS]],
  ["basename", [PATHS]],
  ["ceil", [NUMBERS]],
  ["chomp", [TEXTS]],
  ["chunklist", [LISTS, SMALL]],
  ["cidrhost", [CIDRS, [...SMALL, "255", "-2", "65536"]]],
  ["cidrnetmask", [CIDRS]],
  ["cidrsubnet", [CIDRS, SMALL, SMALL]],
  ["cidrsubnets", [CIDRS, SMALL], SMALL],
  ["coalesce", [ANY, ANY], ANY],
  ["coalescelist", [LISTS, LISTS]],
  ["compact", [LISTS]],
  ["concat", [LISTS, LISTS]],
  ["contains", [LISTS, ANY]],
  ["csvdecode", [CSVS]],
  ["dirname", [PATHS]],
  ["distinct", [LISTS]],
  ["element", [LISTS, SMALL]],
  ["endswith", [TEXTS, TEXTS]],
  ["flatten", [LISTS]],
  ["floor", [NUMBERS]],
  ["format", [FORMATS, ANY], ANY],
  ["formatdate", [DATES, TIMES]],
  ["formatlist", [FORMATS, [...LISTS, ...TEXTS]], [...LISTS, ...TEXTS]],
  ["indent", [SMALL, TEXTS]],
  ["index", [LISTS, ANY]],
  ["join", [TEXTS, LISTS], LISTS],
  ["jsondecode", [JSONS]],
  ["jsonencode", [ANY]],
  ["keys", [MAPS]],
  ["length", [ANY]],
  [
    "log",
    [
      ["1", "2", "8", "16", "1000", "1024", "7"],
      ["2", "10", "4"],
    ],
  ],
  ["lookup", [MAPS, ['"a"', '"b"', '"zz"', "1"]], ANY],
  ["lower", [TEXTS]],
  ["matchkeys", [LISTS, LISTS, LISTS]],
  ["max", [NUMBERS], NUMBERS],
  ["md5", [TEXTS]],
  ["merge", [MAPS, MAPS]],
  ["min", [NUMBERS], NUMBERS],
  ["one", [LISTS]],
  ["parseint", [INTS, BASES]],
  [
    "pow",
    [
      ["2", "3", "-2", "10", "1.5", "0"],
      ["0", "1", "2", "8", "31", "-1", "0.5"],
    ],
  ],
  ["range", [["0", "3", "5", "-2", "2.5", "2000"]], ["0", "1", "2", "7", "-3"]],
  ["regex", [PATTERNS, TEXTS]],
  ["regexall", [PATTERNS, TEXTS]],
  ["replace", [TEXTS, REPLACED, REPLACEMENTS]],
  ["reverse", [LISTS]],
  ["setintersection", [LISTS, LISTS]],
  ["setproduct", [LISTS, LISTS]],
  ["setsubtract", [LISTS, LISTS]],
  ["setunion", [LISTS, LISTS]],
  ["sha1", [TEXTS]],
  ["sha256", [TEXTS]],
  ["sha512", [TEXTS]],
  ["signum", [NUMBERS]],
  ["slice", [LISTS, SMALL, SMALL]],
  ["sort", [LISTS]],
  ["split", [TEXTS, TEXTS]],
  ["startswith", [TEXTS, TEXTS]],
  ["strcontains", [TEXTS, TEXTS]],
  ["strrev", [TEXTS]],
  ["substr", [TEXTS, SMALL, SMALL]],
  ["sum", [LISTS]],
  ["textdecodebase64", [BASE64, ENCODINGS]],
  ["textencodebase64", [TEXTS, ENCODINGS]],
  ["timeadd", [TIMES, DURATIONS]],
  ["timecmp", [TIMES, TIMES]],
  ["title", [TEXTS]],
  ["tobool", [ANY]],
  ["tolist", [[...LISTS, ...OTHERS]]],
  ["tomap", [[...MAPS, ...OTHERS]]],
  ["tonumber", [ANY]],
  ["toset", [[...LISTS, ...OTHERS]]],
  ["tostring", [ANY]],
  ["transpose", [MAPS]],
  ["trim", [TEXTS, TEXTS]],
  ["trimprefix", [TEXTS, TEXTS]],
  ["trimspace", [TEXTS]],
  ["trimsuffix", [TEXTS, TEXTS]],
  ["upper", [TEXTS]],
  ["urlencode", [TEXTS]],
  ["uuidv5", [SPACES, TEXTS]],
  ["values", [MAPS]],
  ["yamldecode", [YAMLS]],
  ["yamlencode", [ANY]],
  ["zipmap", [LISTS, LISTS]],
];

/** The functions of which calls are generated. */
export const CALLED: readonly string[] = SHAPES.map(([name]) => name);

/** So many different calls, as many of each function as there are; now and then an argument is of another kind. */
export function generatedCalls(count: number, seed = 1): string[] {
  const random = numbersFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const calls = new Set<string>();
  for (let round = 0; calls.size < count && round < count; round += 1) {
    for (const [name, shape, rest] of SHAPES) {
      const args = shape.map((kind) => pick(random() < 0.06 ? ANY : kind));
      while (rest !== undefined && random() < 0.5) args.push(pick(rest));
      if (random() < 0.02) args.pop();
      if (random() < 0.02) args.push(pick(ANY));
      // Of null alone it makes what is known after apply, and so all that is asked with it.
      if (name === "formatlist" && args.includes("null")) continue;
      calls.add(`${random() < 0.05 ? "core::" : ""}${name}(${args.join(", ")})`);
    }
  }
  return [...calls].slice(0, count);
}
