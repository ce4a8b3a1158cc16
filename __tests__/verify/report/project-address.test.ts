import { expect, test } from "vitest";
import { addressIn, type Manifest } from "../../../verify/report";

const PAGE = "docs/checks.md";

test.each<[string, Manifest, string | undefined]>([
  ["nothing", {}, undefined],
  ["what is no address", { homepage: "soon", repository: "" }, undefined],
  ["a file", { repository: "file:///srv/git/project.git" }, undefined],
  ["a repository", { repository: "https://github.com/o/r" }, `https://github.com/o/r/blob/HEAD/${PAGE}`],
  [
    "one as npm writes it",
    { repository: { url: "git+https://github.com/o/r.git" } },
    `https://github.com/o/r/blob/HEAD/${PAGE}`,
  ],
  [
    "one over SSH, with a port",
    { repository: { url: "ssh://git@git.example.com:2222/o/r.git" } },
    `https://git.example.com/o/r/blob/HEAD/${PAGE}`,
  ],
  [
    "one as git clones it",
    { repository: "git@github.com:o/r.git" },
    `https://github.com/o/r/blob/HEAD/${PAGE}`,
  ],
  ["a short name", { repository: "o/r" }, `https://github.com/o/r/blob/HEAD/${PAGE}`],
  ["a short name elsewhere", { repository: "gitlab:o/r" }, `https://gitlab.com/o/r/blob/HEAD/${PAGE}`],
  ["Bitbucket", { repository: "bitbucket:o/r" }, `https://bitbucket.org/o/r/src/HEAD/${PAGE}`],
  [
    "a folder of a repository",
    { repository: { url: "https://github.com/o/r.git", directory: "packages/sg" } },
    `https://github.com/o/r/blob/HEAD/packages/sg/${PAGE}`,
  ],
  [
    "the page of a repository",
    { homepage: "https://github.com/o/r#readme" },
    `https://github.com/o/r/blob/HEAD/${PAGE}`,
  ],
  ["a homepage", { homepage: "https://sg.example.com/" }, `https://sg.example.com/${PAGE}`],
  [
    "both: the repository has the page for certain",
    { homepage: "https://sg.example.com", repository: "o/r" },
    `https://github.com/o/r/blob/HEAD/${PAGE}`,
  ],
])("a page of the project by %s", (_, manifest, address) => {
  expect(addressIn(manifest, PAGE)).toBe(address);
});
