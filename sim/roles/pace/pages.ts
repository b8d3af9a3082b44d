import { KeyedDraws } from "../../engine/random.ts";
import { PAGE_SIZE } from "../../linux/include/linux/mm.ts";
import type { vm_area_struct } from "../../linux/include/linux/mm_types.ts";
import type { Order } from "../../scenario.ts";

/** The position in a mapping that the tasks of a group share. */
export interface Cursor {
  next: number;
}

/** Which pages a task works on: the k-th time it is the same place in every variant. */
export class PageWalk {
  private readonly vma: vm_area_struct;
  private readonly room: number;
  private readonly pages: number;
  private readonly draws: KeyedDraws | null;
  private readonly first: number;
  private readonly places: number;
  private readonly cursor: Cursor | null;
  /** The place of the step under way. */
  private place = -1;
  private step = -1;

  /** @param pages pages of one step; @param part, parts the task's own part of a sequential walk; @param cursor of the group. */
  constructor(parts: {
    seed: string;
    task: string;
    vma: vm_area_struct;
    order: Order;
    pages: number;
    part: number;
    parts: number;
    cursor: Cursor;
  }) {
    const { vma, order, pages } = parts;
    this.vma = vma;
    this.pages = pages;
    this.room = vma.nrPages - pages + 1;
    this.draws = order === "random" ? new KeyedDraws(parts.seed, parts.task, "touch") : null;
    this.cursor = order === "shared" ? parts.cursor : null;
    this.places = Math.max(1, Math.floor(vma.nrPages / pages / (this.cursor === null ? parts.parts : 1)));
    this.first = this.cursor === null ? parts.part * this.places : 0;
  }

  /** The first page of the k-th step. */
  index(k: number): number {
    if (this.draws !== null) return Math.floor(this.draws.uniform(k, 0) * this.room);
    if (this.cursor !== null && this.step !== k) {
      this.step = k;
      this.place = this.cursor.next++;
    }
    const place = this.cursor === null ? k : this.place;
    return Math.min(this.room - 1, (this.first + (place % this.places)) * this.pages);
  }

  /** The address of the first page of the k-th step. */
  address(k: number): number {
    return this.vma.vm_start + this.index(k) * PAGE_SIZE;
  }
}
