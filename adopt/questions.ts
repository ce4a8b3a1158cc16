import { byText, sortedOnce } from "../io/lists";
import { nearest } from "../io/nearest";

/** One of the values that answer a question. */
export interface Choice {
  readonly value: string;
  /** What it is, in words: `sg-0a1b (eks-nodes)`. */
  readonly words: string;
  /** What speaks for it. */
  readonly reason: string;
}

/** What the data does not say. Its choices are in the order of how near they are: the best guess first. */
export interface Question {
  /** What it is about, the same for all alike: `drift`, `nodes`. An answer by this name alone answers all of them. */
  readonly topic: string;
  /** The id of the group that it is about. */
  readonly about: string;
  /** A whole question: `Which group is the nodes'?` */
  readonly words: string;
  readonly choices: readonly Choice[];
  /** What is done without an answer: the choice that changes nothing. */
  readonly otherwise: string;
}

/** Answers by `TOPIC.ID`, or by `TOPIC` for all questions of a topic. */
export type Answers = ReadonlyMap<string, string>;

/** The name by which a question alone is answered: `nodes.sg-0a1b`. */
export function questionName({ topic, about }: Pick<Question, "topic" | "about">): string {
  return `${topic}.${about}`;
}

/**
 * The questions of an adoption: who needs to know something that the data does not say asks here, and does what changes nothing
 * where there is no answer. Whoever started the adoption may then ask a person, and adopt again with the answers.
 */
export class Questions {
  private readonly asked = new Map<string, Question>();
  private readonly answered = new Set<string>();
  private readonly used = new Set<string>();

  /**
   * @param answers those that are given, each of which something must ask for
   * @param accepted answers by topics to what may be asked
   */
  constructor(
    private readonly answers: Answers = new Map(),
    private readonly accepted: Answers = new Map(),
  ) {}

  /** The value that answers a question: that of an answer about it, else of one about its topic. */
  answerTo(question: Question): string | undefined {
    const name = questionName(question);
    this.asked.set(name, question);
    const isChoice = (value: string | undefined) => question.choices.some((choice) => choice.value === value);
    const own = this.answers.get(name);
    if (own !== undefined) {
      if (!isChoice(own)) return undefined;
      this.used.add(name);
      return own;
    }
    // One for all of a topic may be meant for others of it.
    const given = this.answers.get(question.topic);
    if (isChoice(given)) this.used.add(question.topic);
    const general = given ?? this.accepted.get(question.topic);
    const answer = isChoice(general) ? general : undefined;
    if (answer !== undefined) this.answered.add(name);
    return answer;
  }

  /** Those without an answer, in the order of their names. */
  get open(): readonly Question[] {
    return [...this.asked]
      .filter(([name]) => !this.answers.has(name) && !this.answered.has(name))
      .sort(([a], [b]) => byText(a, b))
      .map(([, question]) => question);
  }

  /** What is wrong with answers that answer nothing, in sentences. */
  get unused(): readonly string[] {
    const names = [...new Set([...this.asked].flatMap(([name, { topic }]) => [topic, name]))].sort(byText);
    return [...this.answers.keys()]
      .filter((name) => !this.used.has(name))
      .map((name) => {
        const meant = [...this.asked].filter(([own, { topic }]) => own === name || topic === name);
        if (meant.length > 0) return refusalOf(name, this.answers.get(name) ?? "", meant);
        const near = nearest(name, names);
        const accepted =
          names.length === 0 ? "there are no questions" : `the questions are ${names.join(", ")}`;
        return `nothing asks for ${name}: ${near === undefined ? accepted : `did you mean ${near}?`}`;
      });
  }
}

/** What is said of an answer that none of the questions takes which it is about. */
function refusalOf(name: string, value: string, questions: readonly (readonly [string, Question])[]): string {
  const values = sortedOnce(questions.flatMap(([, { choices }]) => choices.map((choice) => choice.value)));
  const [only] = questions;
  const about =
    questions.length === 1 && only !== undefined
      ? `${only[0]} (${only[1].words})`
      : `${questions.map(([own]) => own).join(", ")}`;
  return `${value} does not answer ${name === only?.[0] ? about : `${about}, which --answer ${name}=… is for`}. It takes ${values.join(", ")}.`;
}
