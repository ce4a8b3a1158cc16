/** Functions of a shell: what a reader answers at the terminal, and what a mirror of the providers asks for. */
export const ANSWERS = `
npx() {
  case "$1 $2" in
    "cdktf deploy" | "cdktf destroy") command npx "$@" --auto-approve --skip-provider-lock ;;
    *) command npx "$@" ;;
  esac
}
terraform() { case "$2" in apply) command terraform "$@" -auto-approve ;; *) command terraform "$@" ;; esac; }
`;
