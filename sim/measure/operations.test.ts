import { expect, test } from "vitest";
import { feed } from "../../test/support/event-feed.ts";
import { sorted } from "./metrics/metrics.ts";
import { Operations } from "./operations.ts";

function measured(story: string) {
  const operations = new Operations();
  feed(operations, story);
  const { histograms, counts } = operations.metrics();
  return {
    latencies: sorted(histograms).map(([key, { count, min, max }]) => `${key}: n=${count} min=${min} max=${max}`),
    counts: sorted(counts).map(([key, n]) => `${key}: ${n}`),
  };
}

test("an operation's latency begins at its intended start, also when several of a task are open", () => {
  expect(
    measured(`
      10 vcpu:0 op_begin  label=touch value=1 aux=10
      20 vcpu:0 op_begin  label=touch value=2 aux=20
      25 vcpu:1 op_begin  label=touch value=2 aux=25
      50 vcpu:0 op_end    label=touch value=2 aux=1
      90 vcpu:0 op_end    label=touch value=1 aux=1
      95 vcpu:1 op_end    label=touch value=2 aux=0
     100 reader op_missed label=maps value=3
     100 reader op_begin  label=maps value=5 aux=60
     200 reader op_end    label=maps value=5 aux=1
     300 reader op_begin  label=maps value=6 aux=300
     400 vcpu:1 op_end    label=touch value=9 aux=1
  `),
  ).toEqual({
    latencies: [
      "op.latency{op=maps,role=reader}: n=1 min=140 max=140",
      "op.latency{op=touch,role=vcpu}: n=2 min=30 max=80",
      "op.latency{role=reader}: n=1 min=140 max=140",
      "op.latency{role=vcpu}: n=2 min=30 max=80",
    ],
    counts: [
      "op.count{op=maps,role=reader}: 1",
      "op.count{op=touch,role=vcpu}: 2",
      "op.failed{op=touch,role=vcpu}: 1",
      "op.missed{op=maps,role=reader}: 3",
      "op.open{op=maps,role=reader}: 1",
    ],
  });
});

test("gup results, retries, faults, async page faults, lost sections and bugs are counted", () => {
  const site = "site=async_pf_execute";
  expect(
    measured(`
      1 vcpu gup_begin    ${site} label=get_user_pages value=1
      1 vcpu gup_end      ${site} label=get_user_pages value=1
      1 vcpu gup_end      ${site} label=get_user_pages value=0
      1 vcpu gup_end      ${site} label=get_user_pages value=-14
      1 vcpu gup_end      ${site} label=get_user_pages value=-99
      2 vcpu gup_retry    ${site} value=1
      2 vcpu gup_retry    ${site} value=1
      2 vcpu gup_retry    ${site} value=2
      3 vcpu fault_end    ${site} mm=qemu label=anon-major
      4 vcpu kvm_async_pf_not_present label=halt
      4 vcpu kvm_async_pf_not_present label=guest
      4 vcpu kvm_async_pf_ready value=7
      5 vcpu section_lost ${site}
      6 vcpu bug          ${site} label=BUG_ON(*locked)
  `).counts,
  ).toEqual([
    "apf.not_present{how=guest}: 1",
    "apf.not_present{how=halt}: 1",
    "apf.ready: 1",
    "bug{assertion=BUG_ON(*locked),site=async_pf_execute}: 1",
    "fault.kind{kind=anon-major,mm=qemu}: 1",
    "gup.call{call=get_user_pages,site=async_pf_execute}: 1",
    "gup.result{errno=99,site=async_pf_execute}: 1",
    "gup.result{errno=EFAULT,site=async_pf_execute}: 1",
    "gup.result{errno=none,site=async_pf_execute}: 2",
    "gup.retry{n=1,site=async_pf_execute}: 2",
    "gup.retry{n=2,site=async_pf_execute}: 1",
    "section_lost{site=async_pf_execute}: 1",
  ]);
});
