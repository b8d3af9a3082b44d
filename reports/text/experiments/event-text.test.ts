import { hearsSaved } from "../../../test/support/saved-events.ts";
import { expect, test } from "vitest";
import { feed } from "../../../test/support/event-feed.ts";
import { mmPointer } from "../../../traces/ftrace-line.ts";
import { eventText, eventTextHead } from "./event-text.ts";

function text(story: string): string {
  const printed: string[] = [];
  const printer = hearsSaved((e, tasks) => printed.push(eventText(e, tasks)));
  feed(printer, story);
  return `\n${printed.join("\n")}\n`;
}

test("the lock events read as v6.18's, the others name their fields", () => {
  expect(
    text(`
             0 CPU-0/KVM       start       mm=qemu mode=R site=async_pf_execute label=down_read
          1230 CPU-0/KVM       failed      mm=qemu mode=R site=async_pf_execute label=down_read
        123456 allocator       got         mm=qemu mode=W site=vm_munmap
    1514902576 allocator       downgraded  mm=qemu site=vm_munmap
    1514902577 allocator       released    mm=qemu mode=R
  123456789012 CPU-0/KVM       granted     mm=qemu mode=R site=async_pf_execute
  123456789012 CPU-0/KVM       fault_end   mm=qemu label=anon-major value=77 aux=4 site=async_pf_execute
  123456789012 CPU-0/KVM       op_begin    label=touch value=3 aux=123
  123456789012 CPU-0/KVM       sleep       label=swap
  123456789012 CPU-0/KVM       kvm_async_pf_ready value=5 aux=6
  123456789012 -               io_complete label=swapdev value=9 aux=1
  123456789012 CPU-0/KVM       section_lost mm=qemu
  `),
  ).toBe(`
       CPU-0/KVM-1000    [000] .....     0.000000000: mmap_lock_start_locking: mm=${mmPointer("qemu")} memcg_id=0 write=false
       CPU-0/KVM-1000    [000] .....     0.000001230: mmap_lock_acquire_returned: mm=${mmPointer("qemu")} memcg_id=0 write=false success=false
       allocator-1001    [000] .....     0.000123456: mmap_lock_acquire_returned: mm=${mmPointer("qemu")} memcg_id=0 write=true success=true
       allocator-1001    [000] .....     1.514902576: mmap_lock_acquire_returned: mm=${mmPointer("qemu")} memcg_id=0 write=false success=true
       allocator-1001    [000] .....     1.514902577: mmap_lock_released: mm=${mmPointer("qemu")} memcg_id=0 write=false
       CPU-0/KVM-1000    [000] .....   123.456789012: granted: mm=${mmPointer("qemu")} write=false site=async_pf_execute
       CPU-0/KVM-1000    [000] .....   123.456789012: fault_end: mm=${mmPointer("qemu")} kind=anon-major page=77 result=4 site=async_pf_execute
       CPU-0/KVM-1000    [000] .....   123.456789012: op_begin: op=touch number=3 intended_ns=123
       CPU-0/KVM-1000    [000] .....   123.456789012: sleep: reason=swap
       CPU-0/KVM-1000    [000] .....   123.456789012: kvm_async_pf_ready: gfn=5 token=6
          <idle>-0       [000] .....   123.456789012: io_complete: device=swapdev page=9 pages=1
       CPU-0/KVM-1000    [000] .....   123.456789012: section_lost: mm=${mmPointer("qemu")}
`);
});

test("an mm's pointer is 16 hex digits and its own", () => {
  expect(mmPointer("qemu")).toMatch(/^[0-9a-f]{16}$/);
  expect(mmPointer("qemu")).not.toBe(mmPointer("qemv"));
  expect(eventTextHead(["qemu"])).toContain(`# mm=${mmPointer("qemu")} is qemu\n`);
});
