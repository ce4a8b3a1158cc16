import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { type Question, Questions } from "../../adopt/questions";
import { answersOf, askedFor } from "../../cli/answers";
import { TypedLines } from "../../cli/typed-lines";
import { temporaryFolder } from "../support/folders";
import { commandHere } from "../support/here";
import { group, resource, sg, state } from "./support/state";

const choice = (value: string) => ({ value, words: `${value} (its name)`, reason: "its rules" });
const nodes = (about: string, ...values: string[]): Question => ({
  topic: "nodes",
  about,
  words: "Which group is the nodes'?",
  choices: values.map(choice),
  otherwise: "nothing is taken for it",
});

describe("what the data does not say", () => {
  test("is answered for one question, for all of a topic, and else stays open", () => {
    const questions = new Questions(
      new Map([
        ["nodes.sg-1", "sg-a"],
        ["nodes", "sg-b"],
      ]),
    );
    expect(questions.answerTo(nodes("sg-1", "sg-a", "sg-b"))).toBe("sg-a");
    expect(questions.answerTo(nodes("sg-2", "sg-a", "sg-b"))).toBe("sg-b");
    // The answer for all is meant for others.
    expect(questions.answerTo(nodes("sg-3", "sg-c", "sg-d"))).toBeUndefined();
    expect(questions.open.map(({ about }) => about)).toStrictEqual(["sg-3"]);
    expect(questions.unused).toStrictEqual([]);
  });

  test("an answer that is none of the choices is an error, and so is one that nothing asks for", () => {
    const questions = new Questions(
      new Map([
        ["nodes.sg-1", "sg-z"],
        ["node", "sg-a"],
      ]),
    );
    expect(questions.answerTo(nodes("sg-1", "sg-a", "sg-b"))).toBeUndefined();
    questions.answerTo(nodes("sg-2", "sg-a"));
    expect(questions.unused).toStrictEqual([
      "sg-z does not answer nodes.sg-1 (Which group is the nodes'?). It takes sg-a, sg-b.",
      "nothing asks for node: did you mean nodes?",
    ]);
    expect(new Questions(new Map([["x", "y"]])).unused).toStrictEqual([
      "nothing asks for x: there are no questions",
    ]);
  });

  test("an answer for all of a topic that none of them takes is an error", () => {
    const questions = new Questions(new Map([["nodes", "sg-z"]]));
    questions.answerTo(nodes("sg-1", "sg-a"));
    questions.answerTo(nodes("sg-2", "sg-b"));
    expect(questions.unused).toStrictEqual([
      "sg-z does not answer nodes.sg-1, nodes.sg-2, which --answer nodes=… is for. It takes sg-a, sg-b.",
    ]);
  });

  test("lines that are typed before they are asked for answer what is asked next, and whoever interrupts it stops it", async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const lines = new TypedLines({ input, output, terminal: true });
    input.write("9\n2\n1\n");
    const asked = await askedFor([nodes("sg-1", "sg-a", "sg-b"), nodes("sg-2", "sg-a")], (text) =>
      lines.ask(text),
    );
    expect([...asked]).toStrictEqual([
      ["nodes.sg-1", "sg-b"],
      ["nodes.sg-2", "sg-a"],
    ]);
    const later = lines.ask("> ");
    input.write("x\n");
    expect(await later).toBe("x");
    const last = lines.ask("> ");
    input.write("\u0003");
    await expect(last).rejects.toThrow("Interrupted: nothing was written.");
    const closed = new TypedLines({ input: new PassThrough().end(), output });
    expect(await closed.ask("> ")).toBeUndefined();
  });

  test("on a terminal the number of a choice or its value answers; anything else is asked again", async () => {
    const typed = ["2", "sg-a", "9", "", "1"];
    const shown: string[] = [];
    const answers = await askedFor(
      ["sg-1", "sg-2", "sg-3"].map((about) => nodes(about, "sg-a", "sg-b")),
      async (text) => {
        shown.push(text);
        return typed.shift();
      },
    );
    expect([...answers]).toStrictEqual([
      ["nodes.sg-1", "sg-b"],
      ["nodes.sg-2", "sg-a"],
    ]);
    expect(shown).toHaveLength(4);
    expect(shown[0]).toBe(
      "nodes.sg-1: Which group is the nodes'?\n  1. sg-a (its name): its rules\n  2. sg-b (its name): its rules\n  Enter alone: nothing is taken for it\n> ",
    );
    // Whoever closes the terminal leaves the rest open.
    expect([...(await askedFor([nodes("sg-1", "sg-a")], async () => undefined))]).toStrictEqual([]);
  });

  test("flags win over a file", async () => {
    const file = join(temporaryFolder(), "answers.yaml");
    writeFileSync(file, "nodes: sg-a\ningress: sg-b\n");
    expect([...(await answersOf({ answers: file, answer: ["ingress=sg-c", "a=b=c"] }))]).toStrictEqual([
      ["nodes", "sg-a"],
      ["ingress", "sg-c"],
      ["a", "b=c"],
    ]);
  });

  test.each([
    [["--answer", "nodes"], "--answer takes QUESTION=VALUE (given: nodes)"],
    [["--answer", "nodes=sg-a"], "nothing asks for nodes: there are no questions"],
    [["--answers", "list.yaml"], "list.yaml"],
    [["--answers", "number.yaml"], "number.yaml.nodes: must be a string (given: 1)"],
  ])("%s: one sentence, and the exit code 2", async (words, sentence) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "state.json"), state(resource("aws_security_group", "a", group(sg(1), "a"))));
    writeFileSync(join(folder, "list.yaml"), "- a\n");
    writeFileSync(join(folder, "number.yaml"), "nodes: 1\n");
    const { status, stderr } = await commandHere(["adopt", "state.json", "--dry-run", ...words], folder);
    expect(stderr).toContain(sentence);
    expect(status).toBe(2);
  });
});
