import { KeyedDraws } from "../../../engine/random.ts";
import type { IoRequest, PageSource } from "../../../machine/block-device.ts";
import type { IoClass } from "../../../trace/kinds.ts";
import type { userfaultfd_ctx } from "../../fs/userfaultfd.ts";
import { rb_root } from "./rb_root.ts";
import { rw_semaphore } from "./rwsem.ts";
import type { Kernel } from "../../kernel.ts";
import { HPAGE_PMD_NR, PAGE_SIZE } from "./mm.ts";
import { page_tables } from "./page_tables.ts";
import { vma_lock } from "./vma_lock.ts";
import type { task_struct } from "./sched.ts";

/**
 * A page in the swap cache or page cache that is not mapped. Mapped pages have no object: their state is in
 * {@link vm_area_struct.pte}.
 *
 * Source: v3.17 include/linux/mm_types.h.
 * Left out: everything but the lock, PG_uptodate, PG_error, PG_readahead and the reference count.
 */
export class page {
  readonly index: number;
  /** Held from the submission of the read until its completion. */
  locked = true;
  uptodate = false;
  /** Read-ahead marker: a hit here starts the next window. */
  readahead = false;
  /** References that keep reclaim away: tasks that wait for the page or work on it. */
  count = 0;
  /** Reclaim takes the page at this time (ns) if nobody refers to it. */
  reclaimAt = Number.POSITIVE_INFINITY;
  readonly waiters: task_struct[] = [];
  /** The read that it is locked for. */
  io: IoRequest | null = null;

  constructor(index: number) {
    this.index = index;
  }
}

/** What a page-table entry says. `swap` and `file` name where the content is. */
export const pte_none = 0;
/** Present and writable. */
export const pte_present = 1;
export const pte_swap = 2;
export const pte_file = 3;
/** Beyond the end of the file, or lost: a fault answers SIGBUS. */
export const pte_sigbus = 4;
/** Present for reading; the first write copies the page. */
export const pte_cow = 5;
/** Present for reading; a write must wait for the end of the page's writeback (page_mkwrite). */
export const pte_writeback = 6;
/** On its way to another place of physical memory: every access waits. */
export const pte_migration = 7;
/** The memory is broken. */
export const pte_hwpoison = 8;

/** Nothing is mapped at this address any more: a part of the mapping was unmapped. */
export const pte_unmapped = 9;

/** Whether the entry says something. A page of a file that is away has none. */
function isOccupied(pte: number): boolean {
  return pte !== pte_none && pte !== pte_file && pte !== pte_sigbus && pte !== pte_unmapped;
}

/** Whether the page can be read without a fault. */
export function isReadable(pte: number | undefined): boolean {
  return pte === pte_present || pte === pte_cow || pte === pte_writeback;
}

/** Where the pages of a mapping come from. */
export interface Backing {
  readonly device: PageSource;
  /** Reads complete inside the submission (zram). */
  readonly synchronous: boolean;
  /** A single page is read inside ->readpage, which waits for it (FUSE up to v5.0). */
  readonly synchronousReadpage: boolean;
  readonly ioClass: IoClass;
  /** Largest read-ahead window in pages, 1 for none. */
  readonly maxReadahead: number;
}

/** Stalls that some operations on the pages of a mapping meet: how often, and for how long. */
export class Stalls {
  private readonly drawn: (index: number, nth: number) => number;
  private readonly asked = new Map<number, number>();

  /** @param drawn the stall (ns) of the n-th time on a page, 0 when there is none. */
  constructor(drawn: (index: number, nth: number) => number) {
    this.drawn = drawn;
  }

  /** The stall (ns) of the next time on this page. */
  next(index: number): number {
    const nth = this.asked.get(index) ?? 0;
    this.asked.set(index, nth + 1);
    return this.drawn(index, nth);
  }
}

/** `shmem` is memory of a memfd or tmpfs; `hugetlb` is never swapped. */
export type VmaKind = "anon" | "file" | "shmem" | "hugetlb";

/** Read-ahead memory of a mapping. Source: v3.17 struct file_ra_state; the statics of swapin_nr_pages(). */
class ReadaheadState {
  mmap_miss = 0;
  swapin_readahead_hits = 0;
  last_readahead_pages = 0;
  prev_offset = -2;
  // Source: v5.19 vm_area_struct's swap_readahead_info; one never set counts as 4 hits at address 0.
  vma_prev = -2;
  vma_win = 0;
  vma_hits = 4;
}

/**
 * One mapping. Addresses are bytes.
 *
 * Source: v3.17 include/linux/mm_types.h.
 * Left out: protection but that against writing. Swap slots lie in the order of the pages, read-ahead memory is kept per mapping.
 */
export class vm_area_struct {
  readonly vm_start: number;
  readonly vm_end: number;
  readonly name: string;
  readonly vm_mm: mm_struct;
  /** The next higher mapping of the same address space. */
  vm_next: vm_area_struct | null = null;
  readonly kind: VmaKind;
  /** There is an anon_vma: the first fault need not make one. */
  anon_vma = true;
  /** A fault on an untouched page maps a huge page. */
  thp = false;
  /** The lowest page is a stack guard page (up to v4.11). */
  VM_GROWSDOWN = false;
  /** May be written. */
  VM_WRITE = true;
  /** Pages of a shared file that were written to and are not on the device yet. */
  dirty = 0;
  /** Missing pages are filled by a userspace server. */
  userfaultfd: userfaultfd_ctx | null = null;
  /** Page allocations that must free memory first. */
  direct_reclaim: Stalls | null = null;
  /** Writers who have dirtied too many pages. */
  dirty_throttle: Stalls | null = null;
  /** A read of this page fails, each time. */
  readFails: ((index: number) => boolean) | null = null;
  readonly vm_lock: vma_lock;
  /** MADV_RANDOM. */
  readonly VM_RAND_READ: boolean;
  readonly backing: Backing | null;
  readonly tables: page_tables;
  /** The entries, to be read: they are written through {@link setPte}. */
  readonly pte: Uint8Array;
  /** Pages in the swap cache or page cache and not mapped, by index. */
  readonly cache = new Map<number, page>();
  readonly ra = new ReadaheadState();
  /** Mapped pages. */
  rss = 0;
  /** Above this many mapped pages, each page that comes in pushes another out. */
  readonly keep: number;
  /** How long (ns) the n-th content of a page stays in the cache unmapped. */
  readonly reclaimAfter: (index: number, nth: number) => number;
  /** Told when a page is unmapped: the mmu notifier of a guest. */
  invalidate: ((index: number) => void) | null = null;
  private readonly reads: Uint32Array;
  /** Made when the first page is pushed out: most mappings never have one. */
  private victims: KeyedDraws | null = null;
  private evictions = 0;

  constructor(parts: {
    mm: mm_struct;
    name: string;
    start: number;
    pages: number;
    kind: VmaKind;
    random: boolean;
    backing: Backing | null;
    keep: number;
    reclaimAfter: (index: number, nth: number) => number;
  }) {
    this.vm_mm = parts.mm;
    this.vm_lock = new vma_lock(parts.mm.name, parts.name);
    this.name = parts.name;
    this.vm_start = parts.start;
    this.vm_end = parts.start + parts.pages * PAGE_SIZE;
    this.kind = parts.kind;
    this.VM_RAND_READ = parts.random;
    this.backing = parts.backing;
    this.tables = new page_tables(parts.pages, { isOccupied, isReadable });
    this.pte = this.tables.pte;
    this.reads = new Uint32Array(parts.backing === null ? 0 : parts.pages);
    this.keep = parts.keep;
    this.reclaimAfter = parts.reclaimAfter;
  }

  /** Pages of the mapping. */
  get nrPages(): number {
    return this.pte.length;
  }

  /** Counts the reads of a page; the number is part of the key of its draws. */
  nextRead(index: number): number {
    const nth = this.reads[index] as number;
    this.reads[index] = nth + 1;
    return nth;
  }

  /** How often a page has been read. */
  readsOf(index: number): number {
    return this.reads[index] ?? 0;
  }

  /** Writes the page-table entry of a page. */
  setPte(index: number, value: number): void {
    this.tables.set(index, value);
  }

  /**
   * Sets what is mapped before the run: all, nothing, or the `share` of the pages that is drawn; the others are `away`. Where there are
   * huge pages each is there as a whole or not, as the draw of its first page says.
   */
  populateAtStart(share: number, away: number, draws: KeyedDraws | null = null): void {
    this.pte.fill(share === 1 ? pte_present : away);
    if (share === 1) this.rss = this.nrPages;
    const isHuge = this.thp || this.kind === "hugetlb";
    const drawn = share === 1 || share === 0 ? null : draws;
    if (!isHuge) {
      if (drawn !== null) this.areThereAtStart(drawn.marked(share, this.nrPages));
      return;
    }
    for (let index = 0; index < this.nrPages; index += HPAGE_PMD_NR) {
      if (drawn !== null && drawn.uniform(index, 0) < share) this.isThereAtStart(index, HPAGE_PMD_NR);
      this.tables.makeHuge(index);
    }
  }

  private areThereAtStart(pages: Int32Array): void {
    const { pte } = this;
    for (let i = 0; i < pages.length; i++) pte[pages[i] as number] = pte_present;
    this.rss = pages.length;
  }

  private isThereAtStart(first: number, pages: number): void {
    const end = Math.min(this.nrPages, first + pages);
    this.pte.fill(pte_present, first, end);
    this.rss += end - first;
  }

  /** Maps what is missing of the 2 MiB around a page, as one huge page where nothing was there before. */
  mapHuge(index: number): void {
    const start = index - (index % HPAGE_PMD_NR);
    for (let i = start; i < start + HPAGE_PMD_NR && i < this.nrPages; i++) if (this.pte[i] === pte_none) this.map(i);
    this.tables.makeHuge(index);
  }

  /** Maps a page and, when that is one too many, takes another away. */
  map(index: number): void {
    this.cache.delete(index);
    this.setPte(index, pte_present);
    this.rss++;
    if (this.rss > this.keep) this.evictOther(index);
  }

  /** Takes a page that is there away; the entry says `gone` from then on. */
  unmap(index: number, gone: number): void {
    this.setPte(index, gone);
    this.rss--;
    this.invalidate?.(index);
  }

  /**
   * Unmaps one mapped page, chosen at random, that is not `index`.
   *
   * Left out: the time reclaim takes (kswapd does it), the LRU (each page is as likely), pages pinned by get_user_pages.
   */
  private evictOther(index: number): void {
    const n = this.nrPages;
    this.victims ??= new KeyedDraws(this.vm_mm.kernel.seed, `${this.vm_mm.name}/${this.name}`, "eviction");
    let victim = Math.floor(this.victims.uniform(this.evictions++, 0) * n);
    while (!isEvictable(this.pte[victim]) || victim === index) victim = (victim + 1) % n;
    this.unmap(victim, this.kind === "file" ? pte_file : pte_swap);
  }
}

function isEvictable(pte: number | undefined): boolean {
  return pte === pte_present || pte === pte_cow;
}

/**
 * An address space: its mappings in the order of their addresses, and the lock that protects them.
 *
 * Source: v3.17 include/linux/mm_types.h.
 * Left out: page tables as such, reference counts, mmap_base (a new mapping lies behind all others).
 */
export class mm_struct {
  readonly name: string;
  readonly kernel: Kernel;
  readonly mmap_sem: rw_semaphore;
  readonly mm_rb = new rb_root();
  /** Counts the write sections: a mapping that carries the number of the present one is write-locked. */
  mm_lock_seq = 1;
  /** Where argv lies, for /proc/PID/cmdline. */
  arg_start: vm_area_struct | null = null;
  private nextFree = 0x10000;

  constructor(kernel: Kernel, name: string) {
    this.kernel = kernel;
    this.name = name;
    this.mmap_sem = new rw_semaphore(name, kernel.ops.rwsem, kernel);
  }

  /** An address range of `pages` pages, free for a new mapping, with an unmapped page behind it. */
  unmappedArea(pages: number): number {
    const start = this.nextFree;
    this.nextFree = start + (pages + 1) * PAGE_SIZE;
    return start;
  }
}
