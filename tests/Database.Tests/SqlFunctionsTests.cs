using Npgsql;

namespace Platform.Database.Tests;

public sealed class SqlFunctionsTests(ShopDatabase database) : IClassFixture<ShopDatabase>, IAsyncLifetime
{
    private static readonly SqlFunction One = Function("answer", "create or replace function answer() returns int language sql as 'select 1'");
    private static readonly SqlFunction Two = Function("answer", "create or replace function answer() returns int language sql as 'select 2'");
    private static readonly SqlFunction Caller = Function("ask", "create or replace function ask() returns int language sql as 'select answer()'");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await database.Empty();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_function_is_applied_after_the_migrations_and_again_only_when_its_text_changes()
    {
        (await Migrate(One)).Functions.ShouldBe(["Shop/answer.sql"]);
        (await Migrate(One)).Functions.ShouldBeEmpty();
        (await Migrate(Two)).Functions.ShouldBe(["Shop/answer.sql"]);

        (await database.Read<int>("select answer()")).ShouldBe(2);
    }

    [Fact]
    public async Task Functions_may_call_each_other_in_any_order()
    {
        await Migrate(Caller, One);

        (await database.Read<int>("select ask()")).ShouldBe(1);
    }

    [Fact]
    public async Task A_function_that_cannot_be_created_is_named_and_none_is_changed()
    {
        await Migrate(One);

        var fault = await Migrate(Two, Function("wrong", "create function wrong(")).ShouldThrowAsync<SqlFunctionException>();

        fault.Message.ShouldStartWith("Shop/wrong.sql could not be applied: syntax error");
        (await database.Read<int>("select answer()")).ShouldBe(1);
        (await Status(Two)).ShouldBe([new FunctionState("Shop/answer.sql", Current: false)]);
    }

    [Fact]
    public async Task A_function_that_calls_what_does_not_exist_is_refused()
    {
        var fault = await Migrate(Caller).ShouldThrowAsync<PostgresException>();

        fault.MessageText.ShouldBe("ask: function answer() does not exist");
        (await database.Read<bool>("select to_regproc('ask') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_changed_signature_that_leaves_the_old_one_behind_is_refused()
    {
        const string Added = "create or replace function answer(plus int default 0) returns int language sql as 'select 1 + plus'";
        await Migrate(One);

        var fault = await Migrate(Function("answer", Added)).ShouldThrowAsync<PostgresException>();
        fault.MessageText.ShouldBe("Shop/answer.sql: it must leave exactly one function of its name; a new signature drops the old one");

        await Migrate(Function("answer", $"drop function if exists answer(); {Added}"));
        (await database.Read<int>("select answer()")).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_whose_name_is_not_its_functions_is_refused() =>
        await Migrate(Function("reply", One.Text)).ShouldThrowAsync<PostgresException>();

    [Fact]
    public async Task Status_and_plan_show_what_the_next_run_would_apply()
    {
        await Migrate(One);

        (await Status(One, Caller)).ShouldBe([new FunctionState("Shop/answer.sql", Current: true), new FunctionState("Shop/ask.sql", Current: false)]);
        var plan = await Migrator(Two).PlanFunctions(Ct);
        plan.Names.ShouldBe(["Shop/answer.sql"]);
        (await database.Read<int>("select answer()")).ShouldBe(1, "a plan changes nothing");

        await database.AsOwner($"begin; {string.Join(";\n", plan.Statements)}; commit;");
        (await Status(Two)).ShouldAllBe(function => function.Current);
        (await database.Read<int>("select answer()")).ShouldBe(2);
    }

    [Fact]
    public async Task Rolling_back_every_migration_drops_the_functions()
    {
        var before = await Catalog.Read(database);
        await Migrate(Caller, One);

        await Migrator().Rollback("0", _ => { }, Ct);

        await database.AsOwner("drop table __migrations; drop table __backfills");
        (await Catalog.Read(database)).ShouldBe(before);
    }

    [Fact]
    public async Task Rolling_back_one_migration_lets_the_next_run_apply_every_function_again()
    {
        await Migrate(One);
        await Migrator(One).Rollback(null, _ => { }, Ct);
        (await Status(One)).ShouldAllBe(function => !function.Current);
        (await database.Read<int>("select answer()")).ShouldBe(1, "callers still find it");

        (await Migrate(One)).Functions.ShouldBe(["Shop/answer.sql"]);
    }

    [Fact]
    public async Task Rolling_back_a_type_drops_the_functions_that_have_it_in_their_signature()
    {
        var paints = database.Migrator<PaintsDb>(functions: new SqlFunctions(
            [Function("paint", "create or replace function paint() returns colour language sql as $$ select 'red'::colour $$")]));
        await paints.Apply(_ => { }, Ct);

        (await paints.Rollback(null, _ => { }, Ct)).ShouldBe(["20260102000000_CreateColours"]);

        (await database.Read<bool>("select to_regproc('paint') is null and to_regclass('paints') is not null")).ShouldBeTrue();
        (await paints.Apply(_ => { }, Ct)).Functions.ShouldBe(["Shop/paint.sql"]);
    }

    [Fact]
    public async Task A_file_that_returns_is_applied_again()
    {
        await Migrate(One, Caller);
        await Migrate(Two);
        await database.AsOwner("drop function ask");

        (await Migrate(Two, Caller)).Functions.ShouldBe(["Shop/ask.sql"]);
    }

    [Fact]
    public async Task A_function_that_was_dropped_is_missing_and_applied_again()
    {
        await Migrate(One);
        await database.AsOwner("drop function answer");

        (await Status(One)).ShouldBe([new FunctionState("Shop/answer.sql", Current: false)]);
        (await Migrate(One)).Functions.ShouldBe(["Shop/answer.sql"]);
    }

    [Fact]
    public async Task The_serving_role_cannot_rewrite_what_is_recorded()
    {
        await Migrate(One);

        var fault = await database.AsService("delete from __functions").ShouldThrowAsync<PostgresException>();

        fault.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private static SqlFunction Function(string name, string text) => SqlFunction.Of($"Shop/{name}.sql", text);

    private Task<Applied> Migrate(params SqlFunction[] functions) => Migrator(functions).Apply(_ => { }, Ct);

    private Task<IReadOnlyList<FunctionState>> Status(params SqlFunction[] functions) => Migrator(functions).FunctionStatus(Ct);

    private Migrator Migrator(params SqlFunction[] functions) => database.Migrator<GoodsDb>(functions: new SqlFunctions(functions));
}
