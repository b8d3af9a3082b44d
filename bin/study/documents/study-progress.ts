/** How far a study is. */
export interface StudyProgress {
  /** Cells of this batch that are done, and all of it. A study may have several batches, one after the other. */
  readonly done: number;
  readonly of: number;
  /** The cell that was finished last: what was measured in it, of which variant, with which seed. */
  readonly measure: string;
  readonly variant: string;
  readonly seed: string;
}
