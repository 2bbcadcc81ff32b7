#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes reports as the hub takes them (tests/data/reports/ID.json) out of the fictional
sample reports, and one record with its private part.  Run it from anywhere; what it
writes is kept in the repository."""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
YES_NO = {True: "yes", False: "no"}


def both(ja, en):
    text = {}
    if ja:
        text["ja"] = ja
    if en:
        text["en"] = en
    return text


def convert(sample):
    impact = sample["service_impact"]
    report = {
        "lang": "ja",
        "kind": sample["kind"],
        "stage": "first",
        "title": both(sample["title"], sample.get("title_en")),
        "description": both(sample["description"], sample.get("description_en")),
        "service_impact": {
            "status": impact["status"],
            "maintenance_level_deviation": YES_NO[impact["maintenance_level_deviation"]],
        },
        "event_types": sample["event_types"],
        "cause_types": sample["cause_types"],
        "severity_claimed": sample["severity"],
        "occurred_at": sample["occurred_at"],
        "detected_at": sample["detected_at"],
        "indicators": sample["indicators"],
        "tlp": "TLP:" + sample["tlp"],
        "statutory": YES_NO[sample["statutory_report"]],
        "consent": {
            "publish": "cross_sector" if sample["tlp"] == "GREEN" else "ceptoar",
            "identity": "sealed",
        },
        "ceptoar": sample["ceptoar"],
    }
    if impact.get("ja") or impact.get("en"):
        report["service_impact"]["text"] = both(impact.get("ja"), impact.get("en"))
    if sample.get("actions_ja") or sample.get("actions_en"):
        report["actions"] = both(sample.get("actions_ja"), sample.get("actions_en"))
    for key in ("products", "references", "systems"):
        if sample.get(key):
            report[key] = sample[key]
    return report


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent="\t") + "\n", encoding="utf-8")


def main():
    out = HERE / "reports"
    out.mkdir(exist_ok=True)
    for source in ("sample_reports.json", "more_reports.json"):
        path = HERE / source
        for sample in json.loads(path.read_text(encoding="utf-8"))["reports"]:
            report = convert(sample)
            write(out / (sample["id"] + ".json"), report)
            if sample["id"] == "SR-01":
                private = {
                    "organisation": sample["reporter"]["org_ja"],
                    "contact": sample["reporter"]["contact_name"],
                    "common_form": sample["common_form"],
                    "other_authorities": ["厚生労働省", "架空県警"],
                }
                write(out / "SR-01.record.json", {"shared": report, "private": private})


if __name__ == "__main__":
    main()
