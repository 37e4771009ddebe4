using System.Globalization;

namespace Platform.Benchmarks;

/// <param name="Clients">Concurrent clients; each sends its next request after the last answer.</param>
/// <param name="Users">People in every service's database; the requests go round all of them.</param>
/// <param name="Rounds">How often each row is measured, in turn with the others.</param>
/// <param name="Rows">Names of the rows to measure.</param>
internal sealed record Settings(TimeSpan WarmUp, TimeSpan Measure, int Clients, int Users, int Rounds, IReadOnlyList<string> Rows)
{
    /// <returns>Null with an error if an argument is invalid.</returns>
    public static Settings? Parse(string[] arguments, IReadOnlyCollection<string> rows, out string? error)
    {
        var only = new List<string>();
        var settings = new Settings(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5), Clients: 128, Users: 100_000, Rounds: 3, [.. rows]);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (arguments[i])
            {
                // A one-second measurement is a trial and needs no longer warm-up.
                case "--seconds" when isNumber:
                    settings = settings with { Measure = TimeSpan.FromSeconds(number), WarmUp = TimeSpan.FromSeconds(Math.Min(number, 3)) };
                    break;
                case "--clients" when isNumber:
                    settings = settings with { Clients = number };
                    break;
                case "--users" when isNumber:
                    settings = settings with { Users = number };
                    break;
                case "--rounds" when isNumber:
                    settings = settings with { Rounds = number };
                    break;
                case "--only" when rows.Contains(value):
                    only.Add(value);
                    break;
                default:
                    error = $"'{arguments[i]} {value}' is not a valid argument. See ./bench --help.";
                    return null;
            }
        }

        error = null;
        return only.Count == 0 ? settings : settings with { Rows = only };
    }
}
