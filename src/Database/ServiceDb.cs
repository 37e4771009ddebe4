using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Platform.Contracts;

namespace Platform.Database;

/// <summary>A service's DbContext: its schema, names and types. Migrations are SQL (<see cref="SqlMigration"/>); the model has to match.</summary>
/// <remarks>
/// Ids and <see cref="Points"/> are <c>bigint</c>, <see cref="Money"/> is <c>numeric</c> with two places, enums are text
/// (<c>TooEarly</c> is <c>too_early</c>), instants are <c>timestamptz</c> in UTC. A table's name is the plural of its entity's.
/// </remarks>
/// <param name="schema">Also the name of the service and its role.</param>
public abstract class ServiceDb(DbContextOptions options, string schema) : DbContext(options)
{
    /// <summary>Begins a transaction, unless the request is already in one: an <c>Idempotency-Key</c> begins one.</summary>
    public async Task<JoinedTransaction> Join(CancellationToken ct) =>
        new(Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(ct) : null);

    /// <summary>Reads entities with hand-written SQL that names every column.</summary>
    /// <remarks>With <c>select *</c>, pooled connections would fail once when a column is added: "cached plan must not change result type".</remarks>
    /// <param name="rest">The SQL after <c>select ... from table</c>: <c>where id = {id.Value} for update</c>.</param>
    public IQueryable<TEntity> Rows<TEntity>(FormattableString rest) where TEntity : class
    {
        var sql = $"select {Columns<TEntity>()} from {Model.FindEntityType(typeof(TEntity))!.GetTableName()} {rest.Format}";
        return Set<TEntity>().FromSqlRaw(sql, rest.GetArguments()!);
    }

    /// <summary>Returns the rows that a statement writes, naming every column.</summary>
    /// <param name="statement">Without <c>returning</c>.</param>
    /// <inheritdoc cref="Rows{TEntity}"/>
    public IQueryable<TEntity> Returning<TEntity>(FormattableString statement) where TEntity : class
    {
        var sql = $"{statement.Format}\nreturning {Columns<TEntity>()}";
        return Set<TEntity>().FromSqlRaw(sql, statement.GetArguments()!);
    }

    private string Columns<TEntity>() =>
        string.Join(", ", Model.FindEntityType(typeof(TEntity))!.GetProperties().Select(property => $"\"{property.GetColumnName()}\""));

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.HasDefaultSchema(schema);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        foreach (var id in TypedIds.All)
        {
            configurationBuilder.Properties(id).HaveConversion(typeof(TypedIdConverter<>).MakeGenericType(id));
        }

        configurationBuilder.Properties<Points>().HaveConversion<PointsConverter>();
        configurationBuilder.Properties<Money>().HaveConversion<MoneyConverter>().HavePrecision(18, 2);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
        configurationBuilder.Conventions.Add(_ => new SnakeCaseNames());
        configurationBuilder.Conventions.Add(_ => new EnumsAsText());
        configurationBuilder.Conventions.Add(_ => new GeneratedIds());
    }

    internal sealed class TypedIdConverter<TId>() : ValueConverter<TId, long>(id => id.Value, value => TypedIds.From<TId>(value))
        where TId : struct, ITypedId<TId>;

    internal sealed class PointsConverter() : ValueConverter<Points, long>(points => points.Value, value => new Points(value));

    internal sealed class MoneyConverter() : ValueConverter<Money, decimal>(money => money.Roubles, value => new Money(value));

    /// <summary>Npgsql refuses to write an instant with an offset.</summary>
    internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(at => at.ToUniversalTime(), at => at);
}
