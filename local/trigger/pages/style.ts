/** One sheet for all pages: paper, ink and one signal colour; the andon's three lamps are the only other colours. */
export const style = `
:root { color-scheme: light dark; --paper: #fcfbf7; --sheet: #fffefb; --ink: #1b1a18; --faint: #646058; --line: #dcd8cd; --rule: #8b867b; --signal: #b8400a;
  --green: #2f8f46; --amber: #a06400; --red: #c92a2a; --bar: #cfcabd; --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace; }
@media (prefers-color-scheme: dark) { :root { --paper: #161513; --sheet: #1d1c19; --ink: #ebe7dd; --faint: #a59f93; --line: #37342e; --rule: #7d776b; --signal: #ff9257;
  --green: #56b96d; --amber: #e0a030; --red: #ff7466; --bar: #4a463e; } }
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.45 "Helvetica Neue", "Nimbus Sans", Helvetica, Arial, sans-serif; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: .5rem; top: .5rem; background: var(--sheet); padding: .4rem .8rem; z-index: 3; }
header, main { max-width: 84rem; margin: 0 auto; padding-inline: clamp(.75rem, 2.2vw, 1.75rem); }
header { display: flex; flex-wrap: wrap; align-items: end; gap: .25rem 2rem; padding-top: .9rem; }
.mark { display: flex; align-items: center; gap: .6rem; font-weight: 700; letter-spacing: -.01em; padding-bottom: .5rem; text-decoration: none; }
.mark small { font: 12px var(--mono); color: var(--faint); }
nav ul { display: flex; flex-wrap: wrap; gap: 0 .25rem; margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: .45rem .7rem .5rem; text-decoration: none; border-top: 3px solid transparent; }
nav a:hover { border-top-color: var(--line); }
nav a[aria-current] { border-top-color: var(--signal); background: var(--sheet); font-weight: 600; }
.ruler { height: 9px; border-top: 2px solid var(--ink); background:
  repeating-linear-gradient(90deg, var(--rule) 0 1px, transparent 1px 50px) 0 0 / auto 9px repeat-x,
  repeating-linear-gradient(90deg, var(--line) 0 1px, transparent 1px 10px) 0 0 / auto 5px repeat-x; }
main { padding-block: .75rem 5rem; }
a { color: inherit; text-decoration-color: var(--rule); text-underline-offset: 3px; text-decoration-thickness: 1px; }
a:hover { text-decoration-color: var(--signal); color: var(--signal); }
:focus-visible { outline: 2px solid var(--signal); outline-offset: 2px; }
h1 { font-size: 1.5rem; line-height: 1.2; font-weight: 700; letter-spacing: -.02em; margin: .75rem 0 .35rem; overflow-wrap: anywhere; }
h2 { font-size: .95rem; font-weight: 700; margin: 1.9rem 0 .5rem; padding-top: .45rem; border-top: 1px solid var(--ink); overflow-wrap: anywhere; }
h3 { font-size: .9rem; margin: 1rem 0 .25rem; }
p { margin: .4rem 0; max-width: 70ch; }
code, pre, kbd, .id, .figure { font-family: var(--mono); font-size: 12.5px; }
.figure { font-variant-numeric: tabular-nums; white-space: nowrap; }
.id { overflow-wrap: anywhere; }
pre { margin: 0; padding: .65rem .75rem; background: var(--sheet); border: 1px solid var(--line); overflow: auto; max-height: 26rem; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
.faint { color: var(--faint); } .bad { color: var(--red); }
.isolate { unicode-bidi: isolate; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; }
th { text-align: left; font-weight: 500; font-size: 12px; color: var(--faint); white-space: nowrap; }
thead th { border-bottom: 1px solid var(--ink); }
th, td { padding: .32rem .8rem .32rem 0; vertical-align: top; line-height: 1.3rem; } td :is(.figure, .id, code, .hint, .andon, .tag) { line-height: inherit; } td .tag { line-height: 1.15rem; } td input[type=checkbox] { margin-top: .15rem; } td .actions { margin: 0; flex-wrap: nowrap; } td a.id { white-space: nowrap; } td .isolate { display: inline-block; max-width: 24rem; }
table.tasks td:nth-child(-n+3) { min-width: 9rem; } table.tasks td:nth-child(5) { white-space: nowrap; } .last { text-decoration: none; margin-right: .5rem; }
tbody tr { border-bottom: 1px solid var(--line); }
tbody tr:hover { background: var(--sheet); }
td.right, th.right { text-align: right; }
.tag { display: inline-block; max-width: 100%; padding: 0 .35rem; margin: 0 .25rem .1rem 0; border: 1px solid var(--line); font: 12px/1.55 var(--mono); text-decoration: none; overflow-wrap: anywhere; unicode-bidi: isolate; }
.andon { display: inline-flex; align-items: center; gap: .45rem; white-space: nowrap; }
.andon svg { flex: none; } .andon rect { fill: none; stroke: var(--rule); stroke-width: 1; }
.andon .green { fill: var(--green); stroke: var(--green); } .andon .amber { fill: var(--amber); stroke: var(--amber); } .andon .red { fill: var(--red); stroke: var(--red); }
.andon .on { animation: lamp 1.6s ease-in-out infinite; } @keyframes lamp { 50% { fill-opacity: .35; } }
@media (prefers-reduced-motion: reduce) { .andon .on { animation: none; } }
form.inline, form.inline fieldset { display: inline-flex; gap: .35rem; align-items: center; margin: 0; padding: 0; border: 0; flex-wrap: wrap; }
.filter { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: end; margin: .6rem 0 .8rem; }
.filter fieldset { border: 0; margin: 0; padding: 0; flex-basis: 100%; display: flex; flex-wrap: wrap; gap: .25rem; }
.chip { display: inline-flex; grid: none; align-items: center; gap: .3rem; padding: .12rem .4rem; border: 1px solid var(--line); color: var(--ink); font-size: 13px; cursor: pointer; }
.chip:has(:checked) { border-color: var(--ink); background: var(--sheet); box-shadow: inset 0 -2px 0 var(--signal); }
.custom { display: none; } form:has(option[value="custom"]:checked) .custom { display: grid; }
label { display: grid; gap: .15rem; font-size: 12px; color: var(--faint); }
label.row { display: flex; align-items: center; gap: .4rem; color: var(--ink); font-size: 14px; }
select, input:not([type=checkbox], [type=radio]), button, .button { min-height: 2rem; }
select, input, button, textarea, .button { font: inherit; font-size: 14px; color: var(--ink); background: var(--sheet); border: 1px solid var(--rule); border-radius: 0; padding: .28rem .55rem; max-width: 100%; }
textarea { width: 100%; font: 13px/1.5 var(--mono); resize: vertical; }
input[type=checkbox], input[type=radio] { accent-color: var(--signal); width: 1rem; height: 1rem; margin: 0; padding: 0; }
button, .button { cursor: pointer; display: inline-flex; align-items: center; text-decoration: none; line-height: 1.35; } button:hover, .button:hover { border-color: var(--signal); color: var(--signal); }
button.main { background: var(--ink); color: var(--paper); border-color: var(--ink); font-weight: 600; } button.main:hover { background: var(--signal); border-color: var(--signal); color: var(--paper); }
button:disabled { opacity: .55; cursor: default; }
[aria-invalid=true] { border-color: var(--red); box-shadow: inset 3px 0 0 var(--red); }
.problem { color: var(--red); font-size: 13px; }
.hint { font-size: 12px; color: var(--faint); }
.notice, .refusal { border: 1px solid var(--line); border-left: 4px solid var(--green); background: var(--sheet); padding: .5rem .8rem; margin: .6rem 0; }
.refusal { border-left-color: var(--red); } .notice.wait { border-left-color: var(--amber); }
.empty { border: 1px dashed var(--rule); padding: 1.4rem 1.2rem; margin: .8rem 0; color: var(--faint); } .empty strong { color: var(--ink); display: block; font-size: 1.05rem; margin-bottom: .2rem; }
.board { display: flex; flex-wrap: wrap; gap: 0; margin: .5rem 0; border: 1px solid var(--line); width: fit-content; max-width: 100%; }
.board a { display: flex; align-items: center; gap: .5rem; padding: .35rem .9rem; text-decoration: none; border-right: 1px solid var(--line); } .board a:last-child { border-right: 0; }
.board b { font: 600 1.1rem var(--mono); font-variant-numeric: tabular-nums; }
.bulk { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .45rem 0; }
.pager { display: flex; gap: 1rem; margin: .8rem 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .1rem 1.5rem; margin: .8rem 0; }
.facts div { display: grid; grid-template-columns: 7.5rem 1fr; gap: .5rem; padding: .18rem 0; border-bottom: 1px solid var(--line); } dt { color: var(--faint); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .6rem 0; }
.crumbs { font-size: 13px; margin: .3rem 0 0; }
details > summary { cursor: pointer; } summary > h2 { display: inline; border: 0; } details:has(> summary > h2) { border-top: 1px solid var(--ink); margin-top: 1.9rem; padding-top: .45rem; } h1 small, h2 small, h3 small { font-weight: 400; } details.plain > summary { color: var(--faint); }
.columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(15rem, 1fr); gap: 0 2.5rem; align-items: start; }
.field { margin: .75rem 0; } .field > label { display: block; } .field .hint { font-weight: 400; } label.row { display: flex; } .field > label, .field > .label { font-size: 13px; font-weight: 600; color: var(--ink); } .field input:not([type=checkbox]):not([type=radio]), .field select { width: min(100%, 26rem); }
.group { border: 0; border-left: 2px solid var(--line); padding: 0 0 0 .9rem; margin: .75rem 0; } .group > legend { font-weight: 600; font-size: 13px; padding: 0; }
.trace { border: 1px solid var(--line); background: var(--sheet); }
.line { display: grid; grid-template-columns: minmax(0, 20rem) minmax(0, 1fr) 5.2rem; gap: .75rem; align-items: center; padding: .1rem .6rem; border-bottom: 1px solid var(--line); min-height: 1.7rem; }
.line:last-child { border-bottom: 0; }
.line .name { display: flex; gap: .4rem; min-width: 0; align-items: center; } .line .name > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; unicode-bidi: isolate; }
.line svg.bars { width: 100%; height: 14px; display: block; overflow: visible; } .bars .work { fill: var(--green); } .bars .wait { fill: var(--amber); } .bars .idle { fill: var(--bar); } .bars .stop { fill: var(--red); } .bars .span { fill: var(--rule); } .bars .open { fill-opacity: .55; } .bars .tick { stroke: var(--line); }
.line .took { text-align: right; }
.depth { flex: none; } .depth path { fill: none; stroke: var(--rule); }
.axis { height: 1.5rem; color: var(--faint); } .axis svg { width: 100%; height: 20px; display: block; overflow: visible; } .axis line { stroke: var(--rule); } .axis text { fill: var(--faint); font: 11px var(--mono); }
.log { grid-template-columns: minmax(0, 1fr) 5.2rem; font: 12.5px/1.45 var(--mono); align-items: start; } .log .text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; max-height: 12rem; overflow: auto; } .log .name { align-items: start; } .log .name > .text { white-space: pre-wrap; overflow: auto; flex: 1; }
.level { flex: none; font-size: 11px; color: var(--faint); width: 2.6rem; } .level.warn { color: var(--amber); } .level.error { color: var(--red); font-weight: 700; }
.trace details > summary { list-style: none; } .trace details > summary::-webkit-details-marker { display: none; } .line.more { cursor: pointer; } .line.more:hover { background: var(--paper); } .line.more .name > :last-child::after { content: " +"; color: var(--faint); font-family: var(--mono); } details[open] > .line.more .name > :last-child::after { content: " −"; }
.trace details > pre { max-height: 16rem; margin: .35rem .6rem .5rem 1.2rem; } .trace details[open] { border-bottom: 1px solid var(--line); }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: 12px; color: var(--faint); margin: .4rem 0; } .key svg { vertical-align: -1px; }
@media (max-width: 46rem) {
  header { gap: 0 1rem; } .filter fieldset { flex-wrap: nowrap; overflow-x: auto; min-width: 0; padding-block: .2rem .4rem; } .chip { flex: none; } .columns { grid-template-columns: minmax(0, 1fr); } nav a { padding: .4rem .38rem; font-size: 13.5px; } nav ul { gap: 0; }
  table.list, table.list tbody, table.list tr, table.list td { display: block; } table.list thead { display: block; position: absolute; left: 0; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table.list tr { padding: .5rem 0; } table.list td { padding: .08rem 0; border: 0; text-align: left; } table.list td:empty { display: none; }
  table.list td[data-label] { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr); gap: .5rem; } table.list td[data-label]::before { content: attr(data-label); color: var(--faint); font-size: 12px; }
  table.runs tr { display: grid; grid-template-columns: 1.9rem minmax(0, 1fr) auto; gap: .1rem .5rem; align-items: center; } table.runs td[data-label] { display: block; } table.runs td[data-label]::before { content: none; }
  table.runs td:nth-child(1) { grid-row: 1 / 3; } table.runs td:nth-child(2) { order: 4; } table.runs td:nth-child(3) { order: 2; } table.runs td:nth-child(4) { order: 3; text-align: right; } table.runs td:nth-child(5) { order: 6; grid-column: 2; } table.runs td:nth-child(6) { order: 5; text-align: right; } table.runs td:nth-child(7) { order: 7; grid-column: 2 / -1; } table.runs .hint { display: block; }
  table.figures tr { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); align-items: end; } table.figures td[data-label] { display: block; } table.figures td[data-label]::before { display: block; font-family: inherit; } table.figures td:nth-child(1), table.figures td:nth-child(2) { grid-column: span 2; } table.figures td:nth-child(-n+2)::before { content: none !important; } table.figures td:nth-child(7) { grid-column: 1 / -1; padding-top: .3rem; }
  td .actions { flex-wrap: wrap; } table.list a { display: inline-block; min-height: 24px; }
  .figure { white-space: normal; } .line { grid-template-columns: minmax(0, 1fr) 4.6rem; } .line svg.bars, .line .axis { grid-column: 1 / -1; grid-row: 2; } .facts div { grid-template-columns: 6.2rem 1fr; }
  .board { width: 100%; display: grid; grid-template-columns: 1fr 1fr; } .board a { border-bottom: 1px solid var(--line); padding: .35rem .6rem; } .bulk { position: static; }
}`;
