"""How well what is looked for is found, on words and texts of real life: `make relevance`."""

from benchmarks import judged, kyrgyz


def main() -> None:
    """Prints the figures of all parts."""
    print("Words of Kyrgyz")
    kyrgyz.run()
    print("\nJudged queries: recall / nDCG among the first ten")
    judged.run()


if __name__ == "__main__":
    main()
