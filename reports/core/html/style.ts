/** The page's own style sheet; nothing is fetched. */
export const STYLE = `
:root{color-scheme:light;--page:#f7f6f2;--card:#fff;--ink:#1c2530;--soft:#5a6675;--line:#dfdcd3;--accent:#2f4b7c;
--met:#23724f;--met-bg:#e4f2ea;--missed:#a92c24;--missed-bg:#fbe7e4;--unknown:#855a00;--unknown-bg:#fbf0d7;--not-run:#586271;--not-run-bg:#eceef1;
--band:#eef1f6;--band-2:#e1e7f0;--slow:#c98a12;--gap:#b9bfc8}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;--page:#12171e;--card:#1a212b;--ink:#e8ebef;--soft:#a2adba;--line:#303a47;--accent:#9db9ec;
--met:#6fcf9f;--met-bg:#173428;--missed:#ff968b;--missed-bg:#43201d;--unknown:#efbf55;--unknown-bg:#3b2f13;--not-run:#a9b3c0;--not-run-bg:#2a323d;
--band:#222b37;--band-2:#2c3746;--slow:#efbf55;--gap:#596473}}
@media screen{:root[data-theme=dark]{color-scheme:dark;--page:#12171e;--card:#1a212b;--ink:#e8ebef;--soft:#a2adba;--line:#303a47;--accent:#9db9ec;
--met:#6fcf9f;--met-bg:#173428;--missed:#ff968b;--missed-bg:#43201d;--unknown:#efbf55;--unknown-bg:#3b2f13;--not-run:#a9b3c0;--not-run-bg:#2a323d;
--band:#222b37;--band-2:#2c3746;--slow:#efbf55;--gap:#596473}}
*{box-sizing:border-box}
html{font:16px/1.6 system-ui,-apple-system,"Segoe UI","Hiragino Sans","Yu Gothic UI","Noto Sans CJK JP","Noto Sans JP",sans-serif;background:var(--page);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0}
html[data-lang=en] .t[lang=ja],html[data-lang=ja] .t[lang=en]{display:none}
html:not([data-lang]) .t[lang=ja]::before{content:" / "}
html:not([data-lang]) tspan.t[lang=ja]{display:none}
:lang(ja){line-break:strict}
.page{max-width:68rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
header.top{display:flex;flex-wrap:wrap;gap:.75rem 1.5rem;align-items:flex-start;justify-content:space-between;margin-bottom:1.25rem}
h1{font-size:1.7rem;line-height:1.25;margin:0;letter-spacing:-.01em;font-weight:650}
h2{font-size:1.3rem;line-height:1.35;margin:0;font-weight:650}
h3{font-size:1rem;margin:1.9rem 0 .6rem;font-weight:650}
p{margin:.4rem 0}
.soft{color:var(--soft);font-size:.9rem;font-weight:400}
.tools{display:flex;gap:.5rem}
.tools[hidden]{display:none}
button{font:inherit;font-size:.875rem;padding:.35rem .85rem;border:1px solid var(--line);border-radius:99px;background:var(--card);color:var(--ink);cursor:pointer}
button:hover{border-color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.banner{border:2px solid var(--unknown);background:var(--unknown-bg);color:var(--unknown);border-radius:.75rem;padding:.9rem 1.2rem;font-size:1.2rem;line-height:1.4;font-weight:700;margin:0 0 1.25rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.9rem;padding:1.4rem 1.5rem;margin:0 0 1.25rem}
.overall{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center}
.overall .verdict{font-size:1.5rem;padding:.3rem 1.1rem}
.head{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between}
.one{white-space:nowrap}
.verdict{display:inline-block;white-space:nowrap;font-weight:700;border-radius:.5rem;padding:.1rem .6rem;font-size:.9rem}
.met{color:var(--met);background:var(--met-bg)}.missed{color:var(--missed);background:var(--missed-bg)}
.unknown{color:var(--unknown);background:var(--unknown-bg)}.not-run{color:var(--not-run);background:var(--not-run-bg)}
.why{border-left:4px solid var(--line);padding:.1rem 0 .1rem 1rem;margin:1rem 0;overflow-wrap:anywhere}
.why.v-met{border-color:var(--met)}.why.v-missed{border-color:var(--missed)}.why.v-unknown{border-color:var(--unknown)}
.scroll{overflow-x:auto;margin:.9rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:650;padding:0 0 .45rem;font-size:1rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .7rem;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{padding-left:0}
thead th{color:var(--soft);font-weight:600;font-size:.82rem;vertical-align:bottom;line-height:1.4}
tbody th{font-weight:600;min-width:9.5rem}
td{overflow-wrap:break-word;min-width:4.6rem}
a{color:var(--accent)}
ul.plain{list-style:none;padding:0;margin:.4rem 0}
ul.plain li{padding:.4rem 0 .4rem 2.7rem;position:relative;border-bottom:1px solid var(--line)}
ul.plain li:last-child{border:0}
.tick{position:absolute;left:0;font-weight:700}
.warn{background:var(--unknown-bg);border-radius:.6rem;padding:.75rem 1rem;margin:1rem 0}
.warn ul{margin:.3rem 0;padding-left:1.2rem}
details{margin:.9rem 0}summary{cursor:pointer;font-weight:650}
.mono{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;font-size:.8rem;overflow-wrap:anywhere}
figure{margin:1.2rem 0 .5rem}
figure .scroll{margin:0}
svg.timeline{display:block;width:100%;min-width:44rem;height:auto}
svg text{font-size:12px;fill:var(--ink)}svg .small{font-size:11px;fill:var(--soft)}
.s-good{fill:var(--met)}.s-slow{fill:var(--slow)}.s-bad{fill:var(--missed)}.s-gap{fill:var(--gap)}
.s-band{fill:var(--band)}.s-band2{fill:var(--band-2)}.s-axis{stroke:var(--line)}.s-fault{stroke:var(--missed);stroke-width:2}
.s-back{stroke:var(--met);stroke-width:1.5;stroke-dasharray:5 4}.s-sure{fill:var(--accent)}.s-maybe{fill:var(--accent);opacity:.35}
.s-step{fill:var(--line);stroke:var(--soft);stroke-width:.5}svg .s-on{fill:var(--ink)}.s-limit{stroke:var(--ink);stroke-width:2;stroke-dasharray:2 3}.s-event{fill:var(--accent)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.82rem;color:var(--soft);margin-top:.5rem}
.legend i{display:inline-block;width:.65rem;margin-right:.4rem;border-radius:1px;vertical-align:baseline}
.k-good{height:.45rem;background:var(--met)}.k-slow{height:.65rem;background:var(--slow)}.k-bad{height:.95rem;background:var(--missed)}.k-gap{height:.2rem;background:var(--gap)}
.legend i.k-limit{height:.9rem;width:0;border-left:2px dotted var(--ink)}
.legend i.k-sure,.legend i.k-maybe{width:1.3rem;height:.5rem;background:var(--accent)}.legend i.k-maybe{opacity:.35}
@media (max-width:40rem){.scroll table{min-width:40rem}.page{padding:1rem .8rem 3rem}.card{padding:1.1rem 1rem}h1{font-size:1.35rem}.banner{font-size:1.05rem}}
@media print{html{font-size:11px;background:#fff}.tools{display:none}.page{max-width:none;padding:0}.card{border:0;border-top:1px solid #999;border-radius:0;padding:1rem 0}
h2,h3,caption{break-after:avoid}tr,figure,li{break-inside:avoid}.scroll{overflow:visible}svg.timeline{min-width:0}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

/** Chooses language and theme. Without it both languages show, and the system's theme. */
export const SCRIPT = `
(function(){var d=document.documentElement,q=function(i){return document.getElementById(i)};
function keep(k,v){try{localStorage.setItem(k,v)}catch(e){}}
function kept(k){try{return localStorage.getItem(k)}catch(e){return null}}
function lang(l){d.lang=l;d.dataset.lang=l;q('lang').textContent=l==='ja'?'English':'日本語';q('lang').lang=l==='ja'?'en':'ja'}
function dark(){return d.dataset.theme?d.dataset.theme==='dark':matchMedia('(prefers-color-scheme: dark)').matches}
lang(kept('kunren-lang')||((navigator.language||'en').slice(0,2)==='ja'?'ja':'en'));
if(kept('kunren-theme'))d.dataset.theme=kept('kunren-theme');
q('tools').hidden=false;
q('lang').onclick=function(){var l=d.dataset.lang==='ja'?'en':'ja';lang(l);keep('kunren-lang',l)};
q('theme').onclick=function(){var t=dark()?'light':'dark';d.dataset.theme=t;keep('kunren-theme',t)};
addEventListener('beforeprint',function(){document.querySelectorAll('details').forEach(function(e){e.open=true})});
})();
`;
