"""Draws Cost Explorer's answers as tables; fails when there is nothing to draw."""
import json
import sys


def bill(answer, metric):
    groups = [group for part in answer["ResultsByTime"] for group in part["Groups"]]
    total = 0.0
    for group in groups:
        cost = float(group["Metrics"][metric]["Amount"])
        use = group["Metrics"]["UsageQuantity"]
        total += cost
        print(f"  {group['Keys'][0]:<36} {float(use['Amount']):>12.5f} {use['Unit']:<8} ${cost:.6f}")
    print(f"  {'this month so far':<58} ${total:.6f}")
    return total > 0


def saving(answer):
    found = answer["Recommendations"][0]
    for one in found["RecommendationDetails"]:
        kind = one["InstanceDetails"]["EC2InstanceDetails"]["InstanceType"]
        count = one["RecommendedNumberOfInstancesToPurchase"]
        demand = float(one["EstimatedMonthlyOnDemandCost"])
        saved = float(one["EstimatedMonthlySavingsAmount"])
        print(f"  {count} x {kind}: a month ${demand:.2f} on demand, ${demand - saved:.2f} reserved")
    summary = found["RecommendationSummary"]
    print(f"  saving {float(summary['TotalEstimatedMonthlySavingsPercentage']):.0f} %")
    return float(summary["TotalEstimatedMonthlySavingsAmount"]) > 0


sys.exit(0 if {"bill": bill, "saving": saving}[sys.argv[1]](json.load(sys.stdin), *sys.argv[2:]) else 1)
