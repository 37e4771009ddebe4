using Platform.Contracts;
using Platform.Ops.Terminal;
using Spectre.Console;

namespace Platform.Ops.Services;

internal static class ServiceAnswers
{
    /// <summary>Ends a command that ran a verb of several services: prints the table or the JSON document and returns the exit code.</summary>
    /// <param name="table">Null if people have been answered already.</param>
    /// <param name="further">Further properties of the document.</param>
    public static int End(
        this Screen screen, Table? table, IReadOnlyList<ServiceOutcome> outcomes, CancellationToken ct,
        IReadOnlyDictionary<string, object>? further = null)
    {
        if (table is not null)
        {
            screen.Show(table);
        }

        if (screen.Json || table is null)
        {
            foreach (var outcome in outcomes.Where(outcome => outcome.Error is not null))
            {
                screen.Say($"{outcome.Service}: {outcome.Error}");
            }
        }

        var code = ct.IsCancellationRequested ? ExitCode.Stopped : ExitCodes.Worst(outcomes.Select(outcome => outcome.Code ?? ExitCode.Done));
        var document = new Dictionary<string, object>
        {
            ["outcome"] = ExitCodes.NameOf(code),
            ["services"] = outcomes.Select(outcome => new
            {
                outcome.Service,
                Outcome = outcome.Name,
                Milliseconds = outcome.Code is null ? (long?)null : outcome.Milliseconds,
                outcome.Error,
                Result = outcome.Answer,
            }),
        };
        foreach (var (name, value) in further ?? new Dictionary<string, object>())
        {
            document[name] = value;
        }

        return screen.End(code, document);
    }
}
