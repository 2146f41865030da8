/** What drawings need of a style, in a page and as files of their own: colours on light and on dark ground. */
export const COLOUR_STYLE = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1c1c22;--soft:#5c5c66;--line:#d8d8de;--raised:#f4f4f7;
--ours:#2563c9;--peer:#c2410c;--front:#2563c9b3;--faint:#9a9aa5}
@media (prefers-color-scheme:dark){:root{--ground:#17181c;--ink:#e8e8ec;--soft:#a3a3ae;--line:#3a3b42;--raised:#222329;
--ours:#7aa9f7;--peer:#f5995b;--front:#7aa9f7b3;--faint:#77777f}}
@media print{:root{color-scheme:light;--ground:#fff;--ink:#000;--soft:#444;--line:#bbb;--raised:#fff;
--ours:#2563c9;--peer:#c2410c;--front:#2563c9b3;--faint:#888}}
`;

/** The page's own. Each drawing is there for wide and for narrow screens, so that its text is readable on both. */
export const PAGE_STYLE = `${COLOUR_STYLE}
*{box-sizing:border-box}
body{margin:0 auto;max-width:70rem;overflow-wrap:anywhere;padding:1rem clamp(.75rem,4vw,2rem) 3rem;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}
h1{font-size:1.5rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.15rem;margin:2.2rem 0 .4rem}
p{margin:.4rem 0}
.soft,figcaption,dt{color:var(--soft)}
figure{margin:0;break-inside:avoid}
figcaption{font-size:.9rem;max-width:44rem}
svg{display:block;width:100%;height:auto;margin:.5rem 0}
.narrow{display:none}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px}
table{border-collapse:collapse;overflow-wrap:normal;font-size:.85rem;font-variant-numeric:tabular-nums;width:100%}
th,td{padding:.35rem .5rem;text-align:right;white-space:nowrap;border-top:1px solid var(--line)}
thead th{border-top:0;white-space:normal;background:var(--raised);vertical-align:bottom;font-weight:600}
.name{text-align:left;white-space:normal;min-width:12rem;overflow-wrap:anywhere}
tr.front td{font-weight:600}
tbody tr:nth-child(even){background:var(--raised)}
th button{all:unset;cursor:pointer;font-weight:600}
th button:focus-visible{outline:2px solid var(--ours);outline-offset:2px}
th[aria-sort=ascending]::after{content:" \\2191"}
th[aria-sort=descending]::after{content:" \\2193"}
ol{padding-left:2rem}
li{margin:.3rem 0}
.word{display:inline-block;max-width:100%}
code{font:.85em ui-monospace,monospace;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.4rem 0}
dd{margin:0;overflow-wrap:anywhere}
.notice{border-left:4px solid var(--peer);padding:.3rem .8rem;background:var(--raised)}
@media (max-width:640px){.wide{display:none}.narrow{display:block}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}}
@media print{body{max-width:none;padding:0;font-size:11pt}.wide{display:block}.narrow{display:none}
.scroll{overflow:visible;border:0}table{font-size:7.5pt}th,td{padding:.15rem .3rem}.name{min-width:0}}
`;
