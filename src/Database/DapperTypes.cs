using System.Data;
using Dapper;
using Platform.Contracts;

namespace Platform.Database;

/// <summary>Registers the platform's types with Dapper, and maps <c>user_id</c> to <c>UserId</c>.</summary>
internal static class DapperTypes
{
    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        foreach (var id in TypedIds.All)
        {
            SqlMapper.AddTypeHandler(id, (SqlMapper.ITypeHandler)Activator.CreateInstance(typeof(TypedIdHandler<>).MakeGenericType(id))!);
        }

        SqlMapper.AddTypeHandler(new PointsHandler());
        SqlMapper.AddTypeHandler(new MoneyHandler());
        // Dapper ignores the handlers of types that it maps itself.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new InstantHandler());
    }

    private sealed class TypedIdHandler<TId> : SqlMapper.TypeHandler<TId> where TId : struct, ITypedId<TId>
    {
        public override void SetValue(IDbDataParameter parameter, TId value) => (parameter.DbType, parameter.Value) = (DbType.Int64, value.Value);

        public override TId Parse(object value) => TId.From((long)value);
    }

    private sealed class PointsHandler : SqlMapper.TypeHandler<Points>
    {
        public override void SetValue(IDbDataParameter parameter, Points value) => (parameter.DbType, parameter.Value) = (DbType.Int64, value.Value);

        public override Points Parse(object value) => new((long)value);
    }

    private sealed class MoneyHandler : SqlMapper.TypeHandler<Money>
    {
        public override void SetValue(IDbDataParameter parameter, Money value) => (parameter.DbType, parameter.Value) = (DbType.Decimal, value.Roubles);

        public override Money Parse(object value) => new((decimal)value);
    }

    /// <summary>Npgsql reads <c>timestamptz</c> as a UTC <see cref="DateTime"/>, and refuses to write an instant with an offset.</summary>
    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToUniversalTime();

        public override DateTimeOffset Parse(object value) => value is DateTimeOffset at ? at : new DateTimeOffset((DateTime)value);
    }
}
