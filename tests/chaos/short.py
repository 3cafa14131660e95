from loadtests.chaos.scenario import Scale, all_scenarios
from loadtests.chaos.stage import Stage


def broken(stage: Stage, name: str) -> list[str]:
    """Play a scenario in short; return the promises that it broke, but for those about speed."""
    scenario = all_scenarios()[name]
    assert stage.setting == scenario.setting, "the file's SETTING is not the scenario's"
    try:
        verdicts = list(scenario.play(stage, Scale(is_short=True)))
    finally:
        stage.mend()
    assert verdicts, "nothing was promised"
    return [
        f"{verdict.promise}: {verdict.measured}"
        for verdict in verdicts
        if not verdict.held and not verdict.noisy
    ]
