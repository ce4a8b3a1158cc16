import { describe, expect, test } from "vitest";
import { COMMAND_NAMES, commandOf } from "../../cli/commands";
import { CHECKS } from "../../verify/checks";
import { commandHere } from "../support/here";

/** The words of an error, which says nothing else. */
async function refused(...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await commandHere(words);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  return stderr;
}

describe("without a command", () => {
  test("nothing was judged: the exit code is 2, and the help says what there is", async () => {
    expect(await refused()).toContain("Usage: eks-pod-security-groups");
  });

  test.each([["--help"], ["-h"], ["help"]])("%s lists the commands", async (word) => {
    const { status, stdout, stderr } = await commandHere([word]);
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
    for (const name of COMMAND_NAMES)
      expect(stdout).toMatch(new RegExp(`^ {2}${name} .*${commandOf(name).words}`, "m"));
  });

  test.each([["--version"], ["-V"]])("%s is the version alone", async (word) => {
    expect(await commandHere([word])).toMatchObject({ status: 0, stdout: "0.1.0\n" });
  });
});

describe("a word that is none", () => {
  test.each([
    ["verfy", "there is no command verfy; did you mean verify? ekspsg --help lists the commands\n"],
    ["xyz", "there is no command xyz; ekspsg --help lists the commands\n"],
    ["--verison", "there is no option --verison; did you mean --version? ekspsg --help lists the commands\n"],
    ["docs", "there is no command docs; to judge that path: eks-pod-security-groups verify docs\n"],
  ])("%s", async (word, sentence) => {
    expect(await refused(word)).toBe(sentence);
  });

  test.each([
    [["--formt", "json"], "there is no option --formt; did you mean --format? --help lists the options\n"],
    [["--format", "jsn"], /^--format must be text, .* \(given: jsn; did you mean json\?\)\n$/],
    [["--known", ""], "--known needs a value\n"],
    [["--base="], "--base needs a value\n"],
    [["-x"], "there is no option -x; --help lists the options\n"],
  ])("verify %j", async (words, sentence) => {
    expect(await refused("verify", ...words)).toMatch(sentence);
  });

  test("an option of another command", async () => {
    expect(await refused("init", "--format", "json")).toBe(
      "there is no option --format; --help lists the options\n",
    );
  });

  test("a path where none is taken", async () => {
    expect(await refused("synth", "infra")).toBe("takes no infra\n");
    expect(await refused("explain", "dead-rule", "wide-egress")).toBe(
      "only one CHECK is accepted (also given: wide-egress)\n",
    );
  });
});

describe.each(COMMAND_NAMES)("%s --help", (name) => {
  const { options, examples } = commandOf(name);

  test("has its options, examples and exit codes", async () => {
    const { status, stdout } = await commandHere([name, "--help"]);
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: eks-pod-security-groups ${name} [options]`);
    for (const option of options) expect(stdout).toMatch(new RegExp(`^ {2}(-\\w, )?--${option}\\b`, "m"));
    for (const [line] of examples) expect(stdout).toContain(`  eks-pod-security-groups ${line} `);
    expect((await commandHere(["help", name])).stdout).toBe(stdout);
  });
});

describe("explain", () => {
  test.each(CHECKS.map(({ id }) => id))("%s: what docs/checks.md says of it", async (id) => {
    const { title, why, severity, reference } = CHECKS.find(
      (check) => check.id === id,
    ) as (typeof CHECKS)[number];
    const { status, stdout } = await commandHere(["explain", id]);
    expect(status).toBe(0);
    for (const words of [id, title, severity, reference]) expect(stdout).toContain(words);
    expect(stdout.replace(/\s+/g, " ")).toContain(why.replace(/\s+/g, " "));
  });

  test("lists all checks", async () => {
    const { stdout } = await commandHere(["explain"]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(CHECKS.length);
  });

  test("names the nearest check", async () => {
    expect(await refused("explain", "dead-rle")).toBe(
      'there is no check "dead-rle"; did you mean dead-rule? eks-pod-security-groups explain lists all of them\n',
    );
  });
});

describe("--quiet", () => {
  test("says nothing where nothing is wrong", async () => {
    expect(await commandHere(["verify", "cdktf.out/stacks/rds-mysql", "--quiet"])).toStrictEqual({
      status: 0,
      stdout: "",
      stderr: "",
    });
  });

  test("shows the report where something is", async () => {
    const { status, stdout } = await commandHere([
      "verify",
      "cdktf.out/stacks/rds-mysql",
      "--no-assumptions",
      "-q",
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain("holds if");
  });
});

describe("completion", () => {
  const OF: readonly [shell: string, option: (name: string) => string][] = [
    ["bash", (name) => `--${name}`],
    ["zsh", (name) => `--${name}`],
    ["fish", (name) => `-l ${name}`],
  ];

  test.each(OF)(
    "%s: every command with its options, the values of options, the checks",
    async (shell, option) => {
      const { status, stdout, stderr } = await commandHere(["completion", shell]);
      expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
      for (const name of COMMAND_NAMES) {
        expect(stdout).toContain(name);
        for (const one of commandOf(name).options) expect(stdout).toContain(option(one));
      }
      for (const words of ["strict standard", "dead-rule", "eks-pod-security-groups", "ekspsg"])
        expect(stdout).toContain(words);
    },
  );

  test("of another shell", async () => {
    expect(await refused("completion", "bsah")).toBe(
      "completion is written for bash, zsh, fish (given: bsah; did you mean bash?)\n",
    );
    expect(await refused("completion")).toBe("completion is written for bash, zsh, fish (given: nothing)\n");
  });
});
