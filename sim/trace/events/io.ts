import type { Trace } from "../trace.ts";

/** A read of `pages` pages from `page` on is submitted for `task`. Source: none; block:block_rq_issue is the nearest. */
export function trace_io_submit(
  trace: Trace,
  now: number,
  task: number,
  site: string,
  device: string,
  page: number,
  pages: number,
): void {
  const on = trace.on.io_submit;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = now;
  e.task = task;
  e.site = site;
  e.device = device;
  e.page = page;
  e.pages = pages;
  trace.tell(on);
}

/** It is complete; `task` is the one that completed it, -1 for an interrupt. Source: none; block:block_rq_complete is the nearest. */
export function trace_io_complete(
  trace: Trace,
  now: number,
  task: number,
  site: string,
  device: string,
  page: number,
  pages: number,
): void {
  const on = trace.on.io_complete;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = now;
  e.task = task;
  e.site = site;
  e.device = device;
  e.page = page;
  e.pages = pages;
  trace.tell(on);
}

/** A server in userspace answers no more: `server` is its device and how. Source: none. */
export function trace_server_end(trace: Trace, now: number, server: string): void {
  const on = trace.on.server_end;
  if (on.hearers.length === 0) return;
  const e = on.record;
  e.time = now;
  e.server = server;
  trace.tell(on);
}
