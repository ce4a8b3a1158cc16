/** Functions of a shell: what a reader answers at the terminal, what a mirror of the providers asks for, and time on a busy machine. */
export const ANSWERS = `
npx() {
  case "$1 $2" in
    "cdktf deploy" | "cdktf destroy") command npx "$@" --auto-approve --skip-provider-lock ;;
    "vitest run") command npx "$@" --testTimeout=600000 ;;
    *) command npx "$@" ;;
  esac
}
terraform() { case "$2" in apply) command terraform "$@" -auto-approve ;; *) command terraform "$@" ;; esac; }
`;
