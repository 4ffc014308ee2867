using JobCloud.Testing;

namespace JobCloud.Node.Tests.Membership;

/// <summary>A test of what only a store that nodes share has.</summary>
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute()
    {
        if (!PostgreSql.IsHere)
            Skip = "PostgreSQL is not installed here, or root has no user `postgres` to run it as.";
    }
}
