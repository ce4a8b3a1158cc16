import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { progressOn } from "../../cli/progress";
import { CHECKS } from "../../verify/checks";
import { verify } from "../../verify/verify";
import { estate } from "./support/estate";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What is written while inputs are judged, each for as many milliseconds. */
function written(times: readonly number[], { isTTY = true, isQuiet = false } = {}): string[] {
  const texts: string[] = [];
  const progress = progressOn({ isTTY, write: (text) => texts.push(text) }, isQuiet);
  for (const [index, time] of times.entries()) {
    progress.at(`infra/${index}`, index + 1, times.length);
    vi.advanceTimersByTime(time);
  }
  progress.end();
  vi.advanceTimersByTime(5_000);
  return texts.map((text) => text.replace("\r\u001b[2K", "<"));
}

test("a run of less than a second says nothing", () => {
  expect(written([300, 300, 300])).toEqual([]);
});

test("a longer one says what it is at, and takes it away at the end", () => {
  expect(written([600, 600, 600])).toEqual([
    "<verifying 2 of 3: infra/1 …",
    "<verifying 3 of 3: infra/2 …",
    "<",
  ]);
  expect(written([4_000])).toEqual(["<verifying infra/0 …", "<"]);
});

test("inside of one input, too", () => {
  const texts: string[] = [];
  const progress = progressOn({ isTTY: true, write: (text) => texts.push(text) }, false);
  progress.at("infra", 1, 1);
  progress.step("20 resources");
  vi.advanceTimersByTime(1_500);
  progress.step("300 flows");
  progress.end();
  expect(texts.map((text) => text.replace("\r\u001b[2K", "<"))).toEqual([
    "<verifying infra: 20 resources …",
    "<verifying infra: 300 flows …",
    "<",
  ]);
});

test("the steps of an input are what it holds, and each check", async () => {
  const own = estate({ "main.tf": 'resource "aws_security_group" "a" {}\n' });
  const steps: string[] = [];
  await verify(own.folder, { onStep: (words) => steps.push(words) });
  expect(steps).toEqual(["1 resource", "0 flows", ...CHECKS.map(({ id }) => id)]);
});

test("pipelines, files and --quiet have none of it", () => {
  expect(written([4_000], { isTTY: false })).toEqual([]);
  expect(written([4_000], { isQuiet: true })).toEqual([]);
});
