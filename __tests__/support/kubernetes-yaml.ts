/** YAML as Kubernetes reads it: each text with what `kubectl` 1.32 makes of it; undefined where that is an error. */
export const KUBERNETES_YAML: readonly (readonly [text: string, value: unknown])[] = [
  // Numbers.
  ["[0777, 0o17, 0O7, 0x1F, 0b101, 089, 00]", [511, 15, 7, 31, 5, 89, 0]],
  ["[-017, +5, +0o7, -0x1, -0]", [-15, 5, 7, -1, 0]],
  ["[1_000, 1__0, 1_, 0_7, 0x_1F, 1_0.5]", [1000, 10, 1, 7, 31, 10.5]],
  ["[1e3, 1e+3, 1.e3, .5, -.5, 5., 0.]", [1000, 1000, 1000, 0.5, -0.5, 5, 0]],
  ["[9223372036854775808, 18446744073709551616]", [2 ** 63, 2 ** 64]],
  [
    "[_1, 0b2, 0x, 0o8, +, 1e, ., .e3, ._5, 1.2.3, 1:30, 12:30:45, 1-2]",
    ["_1", "0b2", "0x", "0o8", "+", "1e", ".", ".e3", "._5", "1.2.3", "1:30", "12:30:45", "1-2"],
  ],
  // Booleans, nulls, dates.
  ["[y, Y, yes, Yes, YES, on, On, ON, true, True, TRUE]", Array(11).fill(true)],
  ["[n, N, no, No, NO, off, Off, OFF, false, False, FALSE]", Array(11).fill(false)],
  ["[yEs, oN, tRue, nO, nulL]", ["yEs", "oN", "tRue", "nO", "nulL"]],
  ["{a: ~, b: , c: null, d: Null, e: NULL}", { a: null, b: null, c: null, d: null, e: null }],
  ["[2001-01-01, 2001-01-01T00:00:00Z, =]", ["2001-01-01", "2001-01-01T00:00:00Z", "="]],
  // Keys.
  ["{010: a, 1.50: b, on: c}", { 8: "a", 1.5: "b", true: "c" }],
  ["? a\n: b", { a: "b" }],
  ["{{a: b}: c}", undefined],
  ["{[a]: b}", undefined],
  // Tags.
  ["!Ref x", "x"],
  ["{a: !one {b: 1}, c: !two [1], d: !!set {e, f}}", { a: { b: 1 }, c: [1], d: { e: null, f: null } }],
  ['[!!str 017, !!int "5", !!float 1]', ["017", 5, 1]],
  // Aliases and merges.
  ["a: &x b\nc: *x", { a: "b", c: "b" }],
  ["[&x {b: 1}, {<<: *x, c: 2}, {<<: [*x, {d: 3}], b: 4}]", [{ b: 1 }, { b: 1, c: 2 }, { b: 4, d: 3 }]],
  ["{<<: 1}", undefined],
  ["{a: *nothing}", undefined],
  ["&x [*x]", undefined],
  // Form.
  ["{a, b: 1}", { a: null, b: 1 }],
  ["[a,]", ["a"]],
  ["a:\t1", { a: 1 }],
  ["a:\n- b", { a: ["b"] }],
  ["a: >\n  x\n   y\n  z", { a: "x\n y\nz\n" }],
  ["a: |-\n  x # y\n\n  z\n", { a: "x # y\n\nz" }],
  ["a: 'it''s\n  here'", { a: "it's here" }],
  ['a: "\\x41\\u0042\\n"', { a: "AB\n" }],
  ["a: x#y # z", { a: "x#y" }],
  ["a: b: c", undefined],
  ["a: - b", undefined],
  ["a: @x", undefined],
  ["a: %x", undefined],
  ["a: `x`", undefined],
];
