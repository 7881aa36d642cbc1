/** What the parts of the field hand to each other. Read by editors and type checkers; browsers never load it. */

/** How a request ends. */
export type Ending = 'stored' | 'skipped' | 'expired' | 'cancelled';

/** One secret of a request. */
export interface Asked {
  name: string;
  description: string;
  obtain_url: string | null;
  outcome: 'stored' | 'kept' | 'skipped' | null;
}

/** A secret of that name that exists already. */
export interface Stored {
  name: string;
  description: string;
  /** Unix milliseconds. */
  changed_at: number;
  /** Which state of it was shown; sent back when it is to be replaced. */
  etag: string;
}

export interface Request {
  status: 'pending' | Ending;
  secrets: Asked[];
  reason: string | null;
  /** A claim, not checked. */
  requested_by: string | null;
  /** The label of the credential that asked. */
  asked_by: string;
  /** Unix milliseconds, by the server's clock. */
  expires_at: number;
}

/** `GET /api/v1/requests/{id}/field` */
export interface Form {
  request: Request;
  /** "label at platform" */
  account: string;
  stored: Stored[];
}

/** What the person answers to one name. The only type here with room for a value. */
export type Answer =
  | { name: string; answer: 'save'; value: string; description: string; etag?: string }
  | { name: string; answer: 'keep' | 'skip' };

/** What the server says against a field: `answers.N.value`, `answers.N.description`, or the name of a secret. */
export interface Fault {
  field: string;
  message: string;
}

/** `doctor.wasm`, for which `crates/doctor` says what each does. Characters are code points. */
export interface Doctor {
  begin(room: number): void;
  put(character: number): void;
  find(): void;
  fix(which: number): void;
  get(): number;
}

/** What the server answered. */
export interface Reply {
  /** Of HTTP; 0 if no answer came. */
  status: number;
  /** The form, the answered request, or a problem document. */
  data: any;
  /** By how many milliseconds the server's clock is ahead of this one. */
  ahead: number;
}
