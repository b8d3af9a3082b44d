/** W3 as a hand-written state machine: the yardstick. No tasks, no generators, no trace. */
import { holdOf, ioOf, isWriter, type Outcome, pauseOf, taskCount } from "./tables.ts";

const pauseDone = 0;
const holdDone = 1;
const ioDone = 2;
const granted = 3;

/** Runs until `target` acquisitions. */
export function runSwitch(target: number): Outcome {
  const times = new Float64Array(64);
  const seqs = new Float64Array(64);
  const ids = new Int32Array(64);
  let heapLength = 0;
  let seq = 0;
  let now = 0;
  const ringIds = new Int32Array(64);
  const ringSeqs = new Float64Array(64);
  let ringHead = 0;
  let ringLength = 0;
  const state = new Uint8Array(taskCount);
  const nth = new Int32Array(taskCount);
  const since = new Float64Array(taskCount);
  const queue = new Int32Array(64);
  let queueHead = 0;
  let queueLength = 0;
  let readers = 0;
  let writer = false;
  const outcome: Outcome = { acquisitions: 0, contended: 0, waitSum: 0, end: 0 };

  function push(time: number, id: number): void {
    const s = ++seq;
    if (time === now) {
      const tail = (ringHead + ringLength++) & 63;
      ringIds[tail] = id;
      ringSeqs[tail] = s;
      return;
    }
    let hole = heapLength++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      if ((times[parent] as number) <= time) break;
      times[hole] = times[parent] as number;
      seqs[hole] = seqs[parent] as number;
      ids[hole] = ids[parent] as number;
      hole = parent;
    }
    times[hole] = time;
    seqs[hole] = s;
    ids[hole] = id;
  }

  function popHeap(): number {
    const id = ids[0] as number;
    now = times[0] as number;
    const last = --heapLength;
    const time = times[last] as number;
    const s = seqs[last] as number;
    const moved = ids[last] as number;
    let hole = 0;
    for (;;) {
      const first = (hole << 2) + 1;
      if (first >= last) break;
      const stop = first + 4 < last ? first + 4 : last;
      let best = first;
      for (let child = first + 1; child < stop; child++) {
        const t = times[child] as number;
        const b = times[best] as number;
        if (t < b || (t === b && (seqs[child] as number) < (seqs[best] as number))) best = child;
      }
      const b = times[best] as number;
      if (b > time || (b === time && (seqs[best] as number) > s)) break;
      times[hole] = b;
      seqs[hole] = seqs[best] as number;
      ids[hole] = ids[best] as number;
      hole = best;
    }
    times[hole] = time;
    seqs[hole] = s;
    ids[hole] = moved;
    return id;
  }

  function next(): number {
    if (
      ringLength !== 0 &&
      !(heapLength !== 0 && times[0] === now && (seqs[0] as number) < (ringSeqs[ringHead] as number))
    ) {
      const id = ringIds[ringHead] as number;
      ringHead = (ringHead + 1) & 63;
      ringLength--;
      return id;
    }
    return popHeap();
  }

  function pause(id: number): void {
    state[id] = pauseDone;
    push(now + pauseOf(id, nth[id] as number), id);
  }

  function acquired(id: number): void {
    outcome.acquisitions++;
    outcome.waitSum += now - (since[id] as number);
    state[id] = holdDone;
    push(now + holdOf(id, nth[id] as number), id);
  }

  function admit(): void {
    while (queueLength > 0) {
      const id = queue[queueHead] as number;
      if (isWriter(id)) {
        if (readers !== 0) return;
        writer = true;
      } else readers++;
      queueHead = (queueHead + 1) & 63;
      queueLength--;
      state[id] = granted;
      push(now, id);
      if (writer) return;
    }
  }

  function release(id: number): void {
    if (isWriter(id)) writer = false;
    else readers--;
    if (readers === 0) admit();
    nth[id] = (nth[id] as number) + 1;
    pause(id);
  }

  for (let id = 0; id < taskCount; id++) pause(id);
  while (outcome.acquisitions < target) {
    const id = next();
    switch (state[id]) {
      case pauseDone:
        since[id] = now;
        if (writer || queueLength > 0 || (isWriter(id) && readers !== 0)) {
          outcome.contended++;
          queue[(queueHead + queueLength++) & 63] = id;
        } else {
          if (isWriter(id)) writer = true;
          else readers++;
          acquired(id);
        }
        break;
      case granted:
        acquired(id);
        break;
      case holdDone: {
        const io = ioOf(id, nth[id] as number);
        if (io === 0) release(id);
        else {
          state[id] = ioDone;
          push(now + io, id);
        }
        break;
      }
      default:
        release(id);
    }
  }
  outcome.end = now;
  return outcome;
}
