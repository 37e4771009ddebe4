using System.Text.Json;
using Platform.Ops.Terminal;

namespace Platform.Ops.Services;

/// <summary>A service's answer to <c>resync</c> and <c>seed-demo</c>: a kind and how many; a dry run may omit the number.</summary>
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
