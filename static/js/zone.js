// Settings offer the time zone of this browser.

const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
const offer = document.querySelector("[data-zone]");
offer.append(`, ${timeZone}`);
offer.addEventListener("click", () => (offer.form.zone.value = timeZone));
