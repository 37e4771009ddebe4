using System.Text.Json;
using Platform.Ops.Terminal;

namespace Platform.Ops.Services;

/// <summary>What <c>resync</c> and <c>seed-demo</c> of a service answer: how many of each kind; of a dry run, only the kinds.</summary>
internal sealed record Part(string Name, long? Count)
{
    public static Spectre.Console.Table Table(IReadOnlyList<ServiceOutcome> outcomes, string what, string none)
    {
        var table = Screen.Table("service", "outcome", what);
        foreach (var outcome in outcomes)
        {
            var parts = outcome.Answer?.GetProperty("parts").Deserialize<List<Part>>(JsonSerializerOptions.Web) ?? [];
            table.AddTexts(
                outcome.Service, outcome.Name,
                outcome.Answer is null ? outcome.Error ?? ""
                : parts.Count == 0 ? none
                : string.Join(", ", parts.Select(part => part.Count is { } count ? $"{Screen.Number(count)} {part.Name}" : part.Name)));
        }

        return table;
    }
}
