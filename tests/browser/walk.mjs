// Walks through the pages as somebody of a data team does, at the width of a telephone and of a desk: uploads a file by the form, watches
// the progress, reaches the findings. Each page is held against WCAG by axe, and must not be wider than the window.
// node walk.mjs ADDRESS FILE BROWSER
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const [base, file, executablePath] = process.argv.slice(2);
const args = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const LONG = { timeout: 60_000 };

const browser = await chromium.launch({ executablePath, args });
try {
  for (const width of [390, 1280]) {
    await walk(width);
    console.log(`walked at ${width}`);
  }
} finally {
  await browser.close();
}

async function walk(width) {
  const context = await browser.newContext({ viewport: { width, height: 800 } });
  // What the progress says is noted from the first moment: a quick machine is soon done.
  await context.addInitScript(() => {
    addEventListener("DOMContentLoaded", () => {
      const words = document.getElementById("far-words");
      const note = () => sessionStorage.setItem("far", `${sessionStorage.getItem("far") ?? ""}${words.textContent}\n`);
      if (!words) return;
      note();
      new MutationObserver(note).observe(words, { childList: true, characterData: true, subtree: true });
    });
  });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    // The answer to a form with mistakes has the status that it has.
    if (message.type() === "error" && !message.text().includes("422")) troubles.push(message.text());
  });

  const look = async (what, at = page) => {
    // There are no frames to gather the results of: the mode without them opens no second page.
    const { violations, passes } = await new AxeBuilder({ page: at }).setLegacyMode().analyze();
    const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
    assert.deepEqual(told, [], `${what} at ${width}`);
    assert.ok(passes.length > 10, `axe looked at ${what}`);
    const wide = await at.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${what} is ${wide} wide at ${width}`);
  };

  await page.goto(`${base}/upload`);
  await look("the form");
  await page.click("button[type=submit]");
  const summary = page.locator(".error-summary");
  await summary.waitFor(LONG);
  assert.ok(await summary.evaluate((one) => one === document.activeElement), "the error summary has the focus");
  await look("the form with a mistake");
  await summary.getByRole("link", { name: "Choose at least one file" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "file");

  await rules(page, look);

  // By the form, without choosing a file with the pointer: a drop gives it to the same field.
  await page.goto(`${base}/upload`);
  const dropped = await page.evaluateHandle(() => {
    const all = new DataTransfer();
    all.items.add(new File(["{}\n"], "dropped.ndjson"));
    return all;
  });
  await page.dispatchEvent("#drop", "drop", { dataTransfer: dropped });
  assert.equal(await page.evaluate(() => document.getElementById("file").files[0].name), "dropped.ndjson");
  await page.setInputFiles("#file", file);
  await page.fill("#as_at", "23/7/2026");
  await page.click("button[type=submit]");
  await page.getByRole("heading", { name: "What your files were taken for" }).waitFor(LONG);
  await look("what was recognised");

  await page.getByRole("button", { name: "Check 3000 records" }).click();
  await page.waitForURL(/\/jobs\/[0-9a-f-]+$/, LONG);
  const job = page.url();
  // The same page in a tab that hears of nothing, so that it stays as it is while it is looked at.
  const still = await context.newPage();
  await still.route("**/events", (events) => events.abort());
  await still.goto(job);
  await look("a job that runs", still);
  await still.close();
  await page.getByRole("heading", { name: "By standard" }).waitFor(LONG);
  const heard = await page.evaluate(() => sessionStorage.getItem("far") ?? "");
  assert.match(heard, /^\d+ of 3000 records checked/m, "the progress was shown before the end");
  await look("a job that is done");

  await page.getByRole("link", { name: /3000 error/ }).click();
  await page.getByRole("heading", { name: "3000 findings" }).waitFor(LONG);
  await page.selectOption("#team", "East");
  await page.getByRole("button", { name: "Show these" }).click();
  await page.getByRole("heading", { name: "1500 findings" }).waitFor(LONG);
  assert.ok((await page.locator(".outcome").first().textContent()).includes("T0"));
  await look("findings");
  await page.getByRole("link", { name: "Next findings" }).click();
  await page.getByRole("link", { name: "First findings" }).waitFor(LONG);

  for (const [address, what] of [[`${job}/rules`, "rules"], [`${job}/remove`, "the question whether to forget"], [`${base}/jobs`, "jobs"], [`${job}/children?rule=LAC-902&outcome=met`, "children"]]) {
    await page.goto(address);
    await look(what);
  }
  await forecast(page, look);
  await page.goto(`${job}/remove`);
  await page.getByRole("button", { name: "Forget it" }).click();
  await page.waitForURL(`${base}/jobs`, LONG);
  assert.deepEqual(troubles, [], `at ${width}`);
  await context.close();
}

// How many of these can be seen.
async function seen(all) {
  const each = await all.all();
  return (await Promise.all(each.map((one) => one.isVisible()))).filter(Boolean).length;
}

// The rule book: the list that a search narrows, a rule with its clock, the whole book that is searched by its script.
async function rules(page, look) {
  await page.goto(`${base}/rules`);
  assert.match(await page.title(), /^Rules/);
  const listed = page.locator("tbody th a[href^='/rules/']");
  assert.equal(await seen(listed), 2);
  await look("the rules");
  await page.fill("#q", "second review");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("1 rule found.").waitFor(LONG);
  assert.deepEqual(await listed.allTextContents(), ["PERM-901"]);
  await look("the rules that were found");

  await listed.first().click();
  await page.getByRole("heading", { name: "Its clock, in examples" }).waitFor(LONG);
  assert.match(await page.title(), /^PERM-901/);
  const clock = page.locator("figure.clock svg").first();
  const drawn = await clock.boundingBox();
  assert.ok(drawn.width > 200 && drawn.height > 40, `the clock is drawn: ${JSON.stringify(drawn)}`);
  assert.ok((await clock.locator("line").count()) > 2 && /due \d/.test(await clock.textContent()), "with its bar and its days");
  for (const more of await page.locator("main details > summary").all()) await more.click();
  await look("a rule");

  await page.goto(`${base}/rules/book`);
  assert.match(await page.title(), /^Rule book/);
  const articles = page.locator("article.rule");
  assert.equal(await seen(articles), 2);
  await look("the rule book");
  await page.fill("#q", "nobody can find the minutes");
  await page.getByText("1 rule found").waitFor(LONG);
  assert.equal(await seen(articles), 1);
  assert.ok(await page.locator("#LAC-902").isVisible());
  await look("the rule book that was searched");
}

// What falls due of a job that was judged before it did.
async function forecast(page, look) {
  await page.goto(`${base}/upload`);
  await page.setInputFiles("#file", file);
  await page.fill("#as_at", "15/7/2026");
  await page.click("button[type=submit]");
  await page.getByRole("button", { name: "Check 3000 records" }).click();
  await page.getByRole("heading", { name: "By standard" }).waitFor(LONG);
  await page.getByRole("link", { name: "what falls due in the next four weeks" }).click();
  await page.getByText("3000 duties fall due from 15 Jul 2026 to 11 Aug 2026").waitFor(LONG);
  assert.match(await page.title(), /^What falls due of /);
  const bars = await page.locator("figure.chart svg rect").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
  assert.ok(bars.length === 5 && bars[0] > 50 && bars[1] < 1, `a bar for the week that has any: ${bars}`);
  await look("what falls due");
  await page.selectOption("#team", "East");
  await page.getByRole("button", { name: "Show these" }).click();
  await page.getByText("1500 duties fall due").waitFor(LONG);
  await look("what falls due of a team");
}
