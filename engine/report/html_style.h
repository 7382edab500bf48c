// The style sheet of a page, which stands in it.
#pragma once

namespace engine::report {

inline constexpr const char* html_style = R"css(
:root { --ink: #1c2024; --dim: #5b646e; --page: #fff; --card: #f5f6f8; --line: #d8dce1; --bad: #b42318;
  --warn: #8a5a00; --good: #1a7f37; --bar: #c4b5fd; --bar-strong: #f0a8a0; --code: #eef0f3; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --dim: #9aa4ae; --page: #14171a; --card: #1d2125; --line: #343a41; --bad: #ff8a80;
    --warn: #f2c464; --good: #6fd388; --bar: #5b4b9a; --bar-strong: #8f3f38; --code: #24292e; }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .2rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
p { margin: .3rem 0; }
ul { margin: .3rem 0; padding-left: 1.2rem; }
pre, code { font: .85rem/1.45 ui-monospace, monospace; background: var(--code); border-radius: 4px; }
code { padding: .05rem .25rem; }
pre { padding: .5rem .6rem; margin: .3rem 0; white-space: pre-wrap; }
.dim { color: var(--dim); }
.card { background: var(--card); border: 1px solid var(--line); border-left-width: 4px; border-radius: 6px;
  padding: .5rem .8rem; margin: .5rem 0; }
.danger, .bad { border-left-color: var(--bad); }
.warning { border-left-color: var(--warn); }
.good { border-left-color: var(--good); }
.tag { font-weight: 600; }
.danger > .tag, .bad > .tag, .no { color: var(--bad); }
.warning > .tag { color: var(--warn); }
.good > .tag, .yes { color: var(--good); }
.verdict { font-size: 1.1rem; }
summary { cursor: pointer; padding: .15rem 0; }
details { border-bottom: 1px solid var(--line); }
.diff > span { display: block; padding-left: 2ch; text-indent: -2ch; }
.opened, .closed, .changed { font-weight: 600; }
.opened { color: var(--warn); }
.closed { color: var(--bad); }
.was { color: var(--bad); }
.is { color: var(--good); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .6rem; }
.lock { display: grid; grid-template-columns: 18rem 1fr; gap: .6rem; align-items: center; margin: .25rem 0;
  font-size: .85rem; }
.track { background: var(--code); border-radius: 3px; height: 1.1rem; position: relative; }
.bar { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 3px; background: var(--bar); }
.bar.reads { background: var(--bar-strong); }
@media (max-width: 40rem) {
  .pair, .lock { grid-template-columns: 1fr; gap: .15rem; }
  .lock { margin: .6rem 0; }
}
@media print {
  body { max-width: none; font-size: 11pt; padding: 0; }
  .card, .lock, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .bar, .track { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace engine::report
