import type { Steps } from "../../../engine/task.ts";
import type { IoRequest } from "../../../machine/block-device.ts";
import { task_struct } from "../../include/linux/sched.ts";
import type { Kernel } from "../../kernel.ts";
import type { ServerProcess } from "../server.ts";
import { trace_work_begin, trace_work_end } from "../../../trace/events/work.ts";

/** What a request takes and how it is answered; the connection knows. */
export interface DelayedService {
  readonly name: string;
  /** Time until the answer, ns. */
  delayOf(request: IoRequest): number;
  answer(current: task_struct, request: IoRequest): void;
}

/**
 * One thread that serves all requests: it reads each as it comes, and answers each when its time has passed. In between it polls
 * with a timeout. So IOs overlap without limit, and their CPU time does not.
 *
 * Source: none, servers are programs.
 */
export class DelayQueue {
  private readonly arrived: IoRequest[] = [];
  /** Read and not answered, the next to be answered first. */
  private readonly due: { readonly request: IoRequest; readonly at: number }[] = [];
  private readonly task: task_struct;
  private readonly service: DelayedService;
  private readonly process: ServerProcess;
  private polls = false;

  constructor(kernel: Kernel, service: DelayedService, process: ServerProcess) {
    this.service = service;
    this.process = process;
    this.task = new task_struct(kernel, service.name, "fuse_server", null);
    kernel.start(this.task, this.thread());
  }

  /** Hands a request over, and wakes the thread if it polls. */
  push(request: IoRequest): void {
    this.arrived.push(request);
    if (this.polls) this.task.kernel.cpus.wake(this.task, 0);
  }

  private *thread(): Steps {
    const { task } = this;
    for (;;) {
      const request = this.arrived.shift();
      if (request !== undefined) yield* this.read(request);
      else if (this.isDue()) yield* this.answerFirst();
      else {
        if (task.settles()) yield;
        if (this.arrived.length === 0 && !this.isDue()) yield* this.poll();
      }
    }
  }

  private isDue(): boolean {
    const [first] = this.due;
    return first !== undefined && first.at <= this.task.sim.now && this.process.hung === null;
  }

  private *read(request: IoRequest): Steps {
    const { task, service, due } = this;
    const { sim, costs } = task.kernel;
    if (task.settles()) yield;
    trace_work_begin(task, service.name, request.page, -1);
    task.charge(costs.server_read);
    if (task.settles()) yield;
    yield* this.process.prepare(task);
    if (task.settles()) yield;
    const at = sim.now + this.process.delay(request.page, service.delayOf(request));
    let place = due.length;
    while (place > 0 && (due[place - 1] as { at: number }).at > at) place--;
    due.splice(place, 0, { request, at });
    trace_work_end(task, service.name, request.page, -1);
  }

  private *answerFirst(): Steps {
    const { task, service } = this;
    const { costs } = task.kernel;
    const { request } = this.due.shift() as { request: IoRequest };
    if (task.settles()) yield;
    trace_work_begin(task, service.name, request.page, -1);
    task.charge(costs.server_reply);
    if (task.settles()) yield;
    trace_work_end(task, service.name, request.page, -1);
    service.answer(task, request);
    task.charge(costs.wake_up_waker);
  }

  private *poll(): Steps {
    const { task, due } = this;
    const [first] = due;
    this.polls = true;
    if (first !== undefined && this.process.hung === null) task.setTimer(first.at - task.sim.now + task.timerSlack);
    task.sleepFor("service");
    yield;
    task.clearTimer();
    task.wokeFrom("service");
    this.polls = false;
  }
}
