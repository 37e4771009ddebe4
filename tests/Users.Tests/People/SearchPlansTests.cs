using Microsoft.EntityFrameworkCore;
using Platform.Users.Membership;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.Tests.People;

/// <summary>Query plans of the search among many people.</summary>
public sealed class SearchPlansTests(SearchPlansTests.ManyPeople app) : IClassFixture<SearchPlansTests.ManyPeople>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("аристархов")]
    [InlineData("аристархов пётр")]
    [InlineData("0012345")]
    [InlineData("rare_username")]
    public async Task A_rare_word_is_found_by_the_trigram_index(string query)
    {
        var plan = await PlanOf(db => SearchPeople.WithWords(db, query));

        plan.ShouldContain("ix_users_person_text");
        plan.ShouldNotContain("Seq Scan");
    }

    [Fact]
    public async Task A_common_name_does_not_scan_all_rows()
    {
        var plan = await PlanOf(db => SearchPeople.WithWords(db, "Иван"));

        plan.ShouldNotContain("Seq Scan");
    }

    [Fact]
    public async Task A_card_number_is_found_by_its_index()
    {
        var plan = await PlanOf(db => SearchPeople.WithCard(db, MemberId.New()));

        plan.ShouldContain("ix_users_member_id");
        plan.ShouldNotContain("Seq Scan");
    }

    [Fact]
    public async Task A_phone_is_found_by_its_index()
    {
        PhoneNumber.TryParse("+79991234567", "RU", out var phone).ShouldBeTrue();

        var plan = await PlanOf(db => SearchPeople.WithPhone(db, phone));

        plan.ShouldContain("ix_users_phone");
        plan.ShouldNotContain("Seq Scan");
    }

    [Fact]
    public async Task The_unfiltered_list_reads_the_newest_rows_by_index()
    {
        var plan = await PlanOf(db => db.Users);

        plan.ShouldContain("ix_users_created_at");
        plan.ShouldNotContain("Sort");
    }

    /// <summary>The plan of the exact query that the route sends.</summary>
    private async Task<string> PlanOf(Func<UsersDb, IQueryable<User>> people)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<UsersDb>();
        await using var command = SearchPeople.Page(people(db), type: null, after: null, limit: 51, app.Clock.GetUtcNow()).CreateDbCommand();
        command.CommandText = $"explain {command.CommandText}";
        await db.Database.OpenConnectionAsync(Ct);
        await using var rows = await command.ExecuteReaderAsync(Ct);
        var plan = new List<string>();
        while (await rows.ReadAsync(Ct))
        {
            plan.Add(rows.GetString(0));
        }

        return string.Join('\n', plan);
    }

    /// <summary>50 000 people: every tenth is called Иван, and one has a rare name.</summary>
    public sealed class ManyPeople : UsersApp
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await Execute(
                """
                insert into users (telegram_id, username, full_name, phone, language, consent_personal_data, is_active, version, created_at, updated_at)
                select 2000000000 + n, case when n = 777 then 'rare_username' else 'user_' || n end,
                    (array['Иван', 'Мария', 'Пётр', 'Анна', 'Олег', 'Ольга', 'Игорь', 'Нина', 'Лев', 'Вера'])[1 + n % 10] || ' '
                        || case when n = 12342 then 'Аристархов' else (array['Смирнов', 'Кузнецов', 'Попов', 'Соколов', 'Лебедев', 'Козлов', 'Новиков'])[1 + n % 7] end,
                    '+7900' || lpad(n::text, 7, '0'), 'ru', false, true, 1, '2025-01-01'::timestamptz + n * interval '10 minutes', '2026-01-01'
                from generate_series(1, 50000) n
                """);
            await Execute("analyze users");
        }
    }
}
