using System.Text.Json;

namespace Platform.Sandbox.Tests.BotApi;

public sealed class ConcurrencyTests
{
    private const int People = 8;
    private const int Each = 25;

    [Fact]
    public async Task Concurrent_messages_are_neither_lost_nor_share_an_id()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var people = new List<PersonClient>();
        for (var number = 1; number <= People; number++)
        {
            await sandbox.Post("/api/people", new { firstName = $"Guest {number}", id = number });
            people.Add(await sandbox.Started(number));
        }

        await Task.WhenAll(people.SelectMany(person => new[]
        {
            Repeat(text => person.Write(text)),
            Repeat(text => sandbox.Bot.SendMessage(person.Id, text)),
        }));

        var seen = new List<int>();
        foreach (var person in people)
        {
            var messages = (await person.Messages()).Skip(1).ToArray();
            Texts(messages, "person").ShouldBe(Enumerable.Range(0, Each).Select(number => $"{number}"));
            Texts(messages, "bot").ShouldBe(Enumerable.Range(0, Each).Select(number => $"{number}"));
            seen.AddRange(messages.Select(message => message.GetProperty("id").GetInt32()));
        }

        seen.Distinct().Count().ShouldBe(2 * People * Each);
        var updates = await sandbox.Bot.Updates();
        var rest = await sandbox.Bot.Updates(offset: updates[^1].GetProperty("update_id").GetInt32() + 1);
        (updates.Count + rest.Count).ShouldBe(People * Each);
    }

    private static async Task Repeat(Func<string, Task> act)
    {
        for (var number = 0; number < Each; number++)
        {
            await act($"{number}");
        }
    }

    private static IEnumerable<string?> Texts(IEnumerable<JsonElement> messages, string from) =>
        messages.Where(message => message.GetProperty("from").GetString() == from).Select(message => message.GetProperty("text").GetString());
}
