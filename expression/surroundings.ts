/** A file as a function of Terraform finds it. */
export type FileContent =
  | { readonly kind: "content"; readonly bytes: Buffer }
  /** There is none, which Terraform refuses. */
  | { readonly kind: "missing" }
  /** It is not read: it lies outside, is too large, no file. */
  | { readonly kind: "unread" };

/** What expressions see beside names: files, and somebody to tell what is not read of them. */
export interface Surroundings {
  /** The file at a path that is relative to the root module. */
  readonly file: (path: string) => FileContent;
  /** The files below a folder that a pattern matches, by their paths in it; undefined where they are not looked at. */
  readonly filesIn: (folder: string, pattern: string) => readonly string[] | undefined;
  /** Takes a sentence on what is not read. */
  readonly note: (sentence: string) => void;
}
