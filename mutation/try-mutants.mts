import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type RunnerTestCase, type RunnerTestFile, TestRunner } from "vitest";
import { getFn } from "vitest/suite";
import { type Tried, tried, tryAgain } from "./tried.mts";

/** What Stryker's instrumented code and its setup of vitest share. */
interface Switch {
  activeMutant: string | undefined;
  currentTestId: string | undefined;
  hitCount: number | undefined;
  hitLimit: number | undefined;
  mutantCoverage?: { perTest: Record<string, Record<string, number>> };
}

interface Collected {
  readonly name: string;
  /** How often it comes by each mutant. */
  readonly hits: Readonly<Record<string, number>>;
  readonly run: () => unknown;
  readonly milliseconds: number;
}

/** A mutant that makes a test come by so many times more often, and this often besides, loops without end. */
const [MORE_OFTEN, AT_LEAST] = [100, 10_000];
/**
 * As many milliseconds of tests are tried that reach a mutant of these rooms, but have not the name of its file: the cases of
 * all checks reach each of them.
 */
const ENOUGH: Readonly<Record<string, number>> = {
  "verify/checks": 1_500,
  "verify/needs": 1_500,
  "verify/inventory": 1_500,
};
/** A promise that never comes. */
const TOO_LONG = 10_000;

/**
 * Runs the tests of a file as vitest does, and then, with everything loaded, for each mutant that they reach those that
 * reach it, until one fails. Stryker's own way starts a process and loads all code anew for each mutant.
 */
export default class extends TestRunner {
  private readonly tests: Collected[] = [];
  private last: RunnerTestCase | undefined;

  override onCollected(files: RunnerTestFile[]): void {
    super.onCollected?.(files);
    const testsIn = (task: RunnerTestFile["tasks"][number]): RunnerTestCase[] =>
      task.type === "suite" ? task.tasks.flatMap(testsIn) : [task];
    this.last = files.flatMap(({ tasks }) => tasks.flatMap(testsIn)).findLast(({ mode }) => mode === "run");
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const run = getFn(test);
    const started = performance.now();
    await run();
    const shared = (globalThis as unknown as { __stryker__?: Switch }).__stryker__;
    // In a run of a single mutant, Stryker has switched it on already.
    if (!shared || shared.currentTestId === undefined) return;
    const hits = shared.mutantCoverage?.perTest[shared.currentTestId] ?? {};
    this.tests.push({
      name: test.fullTestName,
      hits: { ...hits },
      run,
      milliseconds: performance.now() - started,
    });
    if (test === this.last) await this.tryMutants(shared);
  }

  private async tryMutants(shared: Switch): Promise<void> {
    const before = tried();
    const repeatable: Collected[] = [];
    for (const test of this.tests) if ((await failure(test)) === undefined) repeatable.push(test);
    const found: Record<string, Tried> = {};
    const fileOf = filesOfMutants();
    for (const mutant of new Set(repeatable.flatMap(({ hits }) => Object.keys(hits)))) {
      if (before[mutant]?.killedBy !== undefined) continue;
      const about = basename(fileOf.get(mutant) ?? "", ".ts");
      const reaching = repeatable.filter(({ hits }) => hits[mutant] !== undefined);
      found[mutant] = await this.fate(mutant, inOrder(reaching, about), shared);
    }
    const stale = [];
    for (const test of repeatable) if ((await failure(test)) !== undefined) stale.push(test.name);
    tryAgain(found, {
      file: this.last?.file.name ?? "",
      unrepeatable: this.tests.length - repeatable.length,
      stale,
    });
  }

  private async fate(mutant: string, reaching: readonly Collected[], shared: Switch): Promise<Tried> {
    const testId = shared.currentTestId;
    let reached = 0;
    try {
      shared.currentTestId = undefined;
      for (const test of reaching) {
        shared.activeMutant = mutant;
        shared.hitCount = 0;
        shared.hitLimit = (test.hits[mutant] ?? 0) * MORE_OFTEN + AT_LEAST;
        const message = await failure(test);
        reached += shared.hitCount;
        if (message !== undefined) return { killedBy: test.name, message, reached };
      }
      return { reached };
    } finally {
      shared.activeMutant = undefined;
      shared.currentTestId = testId;
    }
  }
}

/** Tests about a file, and quick ones besides; one of them at least. */
function inOrder(tests: readonly Collected[], about: string): readonly Collected[] {
  const [own, others] = [true, false].map((isAbout) =>
    tests
      .filter(({ name }) => name.includes(about) === isAbout)
      .sort((a, b) => a.milliseconds - b.milliseconds),
  ) as [Collected[], Collected[]];
  const enough = ENOUGH[String(process.env["ROOM"])] ?? Number.POSITIVE_INFINITY;
  let spent = 0;
  const quick = others.filter(({ milliseconds }, index) => {
    spent += milliseconds;
    return spent <= enough || index === 0;
  });
  return [...own, ...quick];
}

/** What a test says when it fails. */
async function failure({ run }: Collected): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("It waits for what never comes.")), TOO_LONG);
    });
    await Promise.race([run(), late]);
    return undefined;
  } catch (error) {
    return String((error as Error | undefined)?.message ?? error).slice(0, 300);
  } finally {
    clearTimeout(timer);
  }
}

/** The file of each mutant, as its instrumented code says. */
function filesOfMutants(): ReadonlyMap<string, string> {
  const room = String(process.env["ROOM"]);
  const files = readdirSync(room, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  return new Map(
    files.flatMap((path) => {
      const code = readFileSync(join(room, path), "utf8");
      return [...code.matchAll(/stryMutAct_\w+\("(\d+)"\)/g)].map(([, id]) => [String(id), path] as const);
    }),
  );
}
