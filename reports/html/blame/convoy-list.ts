import { convoyText } from "../../documents/convoys.ts";
import { formatDuration, threeSignificant } from "../../words/format-duration.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { type Html, html } from "../escape.ts";
import { swatch } from "../swatch.ts";

/** The convoys of each variant: all in a sentence, the worst one by one. */
export function convoys(outcomes: readonly VariantOutcome[]): Html {
  return html`<section id="convoys" aria-labelledby="convoys-title">
<h2 id="convoys-title">Convoys</h2>
${outcomes.map((outcome, i) => html`<h3>${swatch(i)}${outcome.variant}</h3><p>${convoyText(outcome)}.</p>${outcome.convoys.length === 0 ? null : worst(outcome)}`)}
</section>`;
}

function worst({ convoys: all, variant }: VariantOutcome): Html {
  const rows = all.map(
    ({ seed, mm, onset, trigger, peak, waited_ns, held_ns, drain_ns }) =>
      html`<tr><th scope="row" class="n">${formatDuration(onset)}</th><td class="n">${seed}</td><td>${mm}</td><td><code>${trigger.site}</code> (-${trigger.mode})</td><td>${trigger.slept === "cpu" ? "on the CPU" : `asleep for ${trigger.slept}`}</td><td class="n">${peak}</td><td class="n">${formatDuration(held_ns)}</td><td class="n">${formatDuration(waited_ns)}</td><td class="n">${threeSignificant(waited_ns / held_ns)}</td><td class="n">${formatDuration(drain_ns)}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Convoys of ${variant}"><table>
<caption>The worst convoys of ${variant}, most waiting first. Amplification is seconds of waiting for each second of the hold they piled up behind</caption>
<thead><tr><th scope="col" class="n">onset</th><th scope="col" class="n">seed</th><th scope="col">mm</th><th scope="col">behind</th><th scope="col">which was</th><th scope="col" class="n">peak queue</th><th scope="col" class="n">held</th><th scope="col" class="n">waited</th><th scope="col" class="n">amplification</th><th scope="col" class="n">drain</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
