interface Entry {
  value: Uint8Array;
  cas: number;
}

/** Key and value pairs that the VMs of one VM id share, over all threads. */
export class SharedData {
  private readonly byVm = new Map<string, Map<string, Entry>>();
  /** One counter for all VM ids and keys. */
  private lastCas = 0;

  get(vmId: string, key: string): Readonly<Entry> | undefined {
    return this.byVm.get(vmId)?.get(key);
  }

  /** False when `cas` is neither 0 nor the entry's number. */
  set(vmId: string, key: string, value: Uint8Array, cas: number): boolean {
    let entries = this.byVm.get(vmId);
    if (entries === undefined) this.byVm.set(vmId, (entries = new Map<string, Entry>()));
    const entry = entries.get(key);
    if (entry !== undefined && cas !== 0 && entry.cas !== cas) return false;
    entries.set(key, { value, cas: ++this.lastCas });
    return true;
  }
}
