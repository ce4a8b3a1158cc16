import { describe, expect, test } from "vitest";
import { terminalOf } from "../../cli/terminal";

const TERMINAL = { isTTY: true, columns: 120 };

describe("colour", () => {
  test.each([
    ["is for a terminal", TERMINAL, {}, true],
    ["not for a pipe", {}, {}, false],
    ["not with NO_COLOR", TERMINAL, { NO_COLOR: "1" }, false],
    ["but with an empty NO_COLOR, which says nothing", TERMINAL, { NO_COLOR: "" }, true],
    ["not for a terminal that cannot", TERMINAL, { TERM: "dumb" }, false],
  ])("%s", (_, stream, env, color) => {
    expect(terminalOf(stream, env).color).toBe(color);
  });
});

describe("the width", () => {
  test.each([
    ["is the terminal's", TERMINAL, {}, 120],
    ["and stays so whatever COLUMNS says", TERMINAL, { COLUMNS: "80" }, 120],
    ["is COLUMNS without a terminal", {}, { COLUMNS: "80" }, 80],
    ["or where the terminal does not know its own", { isTTY: true, columns: 0 }, { COLUMNS: "72" }, 72],
    ["is the default of the report without either", {}, {}, undefined],
    ["and where COLUMNS is no number", {}, { COLUMNS: "wide" }, undefined],
    ["or no width", {}, { COLUMNS: "-1" }, undefined],
    ["leaves room for words", { isTTY: true, columns: 12 }, {}, 40],
    ["and lines that can be read", { isTTY: true, columns: 400 }, {}, 160],
  ])("%s", (_, stream, env, width) => {
    expect(terminalOf(stream, env).width).toBe(width);
  });
});
