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
  await page.goto(`${job}/remove`);
  await page.getByRole("button", { name: "Forget it" }).click();
  await page.waitForURL(`${base}/jobs`, LONG);
  assert.deepEqual(troubles, [], `at ${width}`);
  await context.close();
}
