// Reports in a real browser: they open offline without an error, tell their numbers, let lines be hidden, are accessible,
// fit a phone, and run nothing that came from a scenario. FOLDER has the reports; screenshots are left beside them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const folder = resolve(process.env.FOLDER);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const reports = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
const desktop = { width: 1100, height: 900 };
const phone = { width: 360, height: 720 };

let browser;
before(async () => {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"];
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args });
});
after(async () => { await browser.close(); });

// Opens a report offline; whatever it complains of or asks for is collected.
async function open(name, options = {}) {
  const context = await browser.newContext({ viewport: desktop, offline: true, bypassCSP: true, ...options });
  const page = await context.newPage();
  const complaints = [];
  const own = "file://" + join(folder, name).split("/").map(encodeURIComponent).join("/");
  page.on("console", (message) => { if (message.type() !== "log") complaints.push("console: " + message.text()); });
  page.on("pageerror", (error) => complaints.push("error: " + error));
  page.on("request", (request) => { if (request.url() !== own) complaints.push("asked for " + request.url()); });
  page.on("dialog", (dialog) => { complaints.push("dialog: " + dialog.message()); dialog.dismiss(); });
  await page.goto(own);
  return { page, complaints, close: () => context.close() };
}

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
  return serious.map((one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

// Where a point of a line is on the screen, in a figure that is scrolled to.
async function somewhere(page) {
  return page.evaluate(() => {
    for (const group of document.querySelectorAll(".series[data-points]")) {
      const points = JSON.parse(group.dataset.points);
      if (points.length < 1) continue;
      const svg = group.closest("svg");
      svg.scrollIntoView({ block: "center", behavior: "instant" });
      const box = svg.getBoundingClientRect();
      const scale = box.width / svg.viewBox.baseVal.width;
      const [x, y, , words] = points[Math.floor(points.length / 2)];
      const index = [...document.querySelectorAll("figure")].indexOf(svg.closest("figure"));
      return { x: box.left + x * scale, y: box.top + y * scale, words, index };
    }
    return null;
  });
}

test("there are reports of every kind", () => {
  for (const kind of ["run", "sweep", "capacity", "compare", "optimize", "explain", "law", "fit", "hostile"]) {
    assert.ok(reports.some((name) => name.startsWith(kind)), `no report of ${kind} in ${folder}`);
  }
});

for (const name of reports) {
  describe(name, () => {
    test("opens offline without an error, asks for nothing, and is small", async () => {
      assert.ok(statSync(join(folder, name)).size < 1_000_000);
      const { page, complaints, close } = await open(name, { bypassCSP: false });
      assert.ok((await page.locator("h1").innerText()).length > 0);
      assert.ok((await page.locator(".verdict").innerText()).length > 0);
      await page.screenshot({ path: join(folder, name.replace(".html", ".png")), fullPage: true });
      assert.deepEqual(complaints, []);
      await close();
    });

    for (const colorScheme of ["light", "dark"]) {
      for (const viewport of [desktop, phone]) {
        test(`has no serious violation of accessibility, ${colorScheme}, ${viewport.width} wide`, async () => {
          const { page, close } = await open(name, { colorScheme, viewport });
          await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
          assert.deepEqual(await violations(page), []);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= viewport.width, `the page is ${wide} wide`);
          const shot = name.replace(".html", `-${colorScheme}-${viewport.width}.png`);
          await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = false; }));
          await page.screenshot({ path: join(folder, shot), fullPage: true });
          await close();
        });
      }
    }

    test("tells the numbers where the pointer or the keyboard is", async () => {
      const { page, complaints, close } = await open(name);
      const point = await somewhere(page);
      if (point) {
        const figure = page.locator("figure").nth(point.index);
        const tip = figure.locator(".tip");
        assert.equal(await tip.isVisible(), false);
        await page.mouse.move(point.x, point.y);
        assert.equal(await tip.isVisible(), true);
        assert.ok((await tip.innerText()).includes(point.words), `${await tip.innerText()} is not ${point.words}`);
        await page.mouse.move(2, 2);
        assert.equal(await tip.isVisible(), false);
        await figure.locator("svg").focus();
        await page.keyboard.press("ArrowRight");
        const first = await tip.innerText();
        await page.keyboard.press("ArrowRight");
        await page.keyboard.press("ArrowDown");
        assert.notEqual(await tip.innerText(), first);
        await page.keyboard.press("Escape");
        assert.equal(await tip.isVisible(), false);
      } else {
        assert.ok(/^(explain|compare)/.test(name), "every other page has lines with points");
        const figure = page.locator("figure").filter({ has: page.locator("g.told") }).first();
        const told = figure.locator("g.told").first();
        await told.scrollIntoViewIfNeeded();
        await told.hover({ force: true });
        assert.equal(await figure.locator(".tip").innerText(), await told.getAttribute("data-tip"));
      }
      assert.deepEqual(complaints, []);
      await close();
    });

    test("hides a line and shows it again, by click and by key", async () => {
      const { page, complaints, close } = await open(name);
      const names = page.locator("g.name[data-of]:not([data-of=''])");
      if ((await names.count()) > 0) {
        const button = names.first();
        const of = await button.getAttribute("data-of");
        const line = page.locator("svg").filter({ has: button }).locator(`g.series[data-of="${of}"]`).first();
        const hidden = () => line.evaluate((group) => getComputedStyle(group).display === "none");
        assert.equal(await hidden(), false);
        await button.scrollIntoViewIfNeeded();
        await button.locator("text").click();
        assert.equal(await hidden(), true);
        assert.equal(await button.getAttribute("aria-pressed"), "false");
        await button.focus();
        await page.keyboard.press("Enter");
        assert.equal(await hidden(), false);
        await page.keyboard.press("Space");
        assert.equal(await hidden(), true);
      } else {
        assert.ok(/^(explain|compare)/.test(name), "every other page has lines with names");
      }
      assert.deepEqual(complaints, []);
      await close();
    });
  });
}

test("nothing that came from a scenario is run, and all of it can be read", async () => {
  const { page, complaints, close } = await open("hostile.html");
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator("img, iframe, svg[onload], [onerror]").count(), 0);
  assert.ok((await page.locator("h1").innerText()).includes("<img src=x"));
  assert.ok((await page.locator(".question").innerText()).includes("</pre></script><script>"));
  assert.ok((await page.locator(".objectives").innerText()).includes("<svg onload="));
  assert.deepEqual(complaints, []);
  await close();
});

test("prints on paper with everything that can be read, and without what cannot be used there", async () => {
  const { page, close } = await open("run.html");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("nav").isVisible(), false);
  const pdf = await page.pdf({ format: "A4", path: join(folder, "run.pdf") });
  assert.ok(pdf.length > 10_000);
  await close();
});
