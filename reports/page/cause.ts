/** The name of the theme's colour for what a holder or a task was doing. */
export function causeColour(cause: string): string {
  switch (cause) {
    case "cpu":
    case "run-queue":
    case "wake-up":
      return cause;
    case "mmap_sem":
    case "vma_lock":
      return "lock";
    case "fuse":
    case "userfault":
    case "service":
      return "server";
    case "apf-halt":
    case "guest-idle":
    case "idle-worker":
    case "late":
    case "queued":
    case "delivery":
      return "idle";
    default:
      return "io";
  }
}
