using Platform.Ops.Terminal;
using Spectre.Console;

namespace Platform.Ops.Services;

internal static class ServiceAnswers
{
    /// <summary>The end of a command that has asked services: the table for people or the document for scripts, and the exit code.</summary>
    /// <param name="table">Null when people have been answered already.</param>
    /// <param name="further">Properties that the document has besides.</param>
    public static int End(this Screen screen, Table? table, IReadOnlyList<ServiceOutcome> outcomes, CancellationToken ct, IReadOnlyDictionary<string, object>? further = null)
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

        var code = ct.IsCancellationRequested ? ExitCode.Stopped : ExitCode.Gravest(outcomes.Select(outcome => outcome.Code ?? ExitCode.Done));
        var document = new Dictionary<string, object>
        {
            ["outcome"] = ExitCode.NameOf(code),
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
