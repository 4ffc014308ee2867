using System.Data.Common;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>The open index file with its reader, writer and queries.</summary>
internal sealed class IndexConnection : IDisposable
{
    private readonly DbConnection _connection;

    private IndexConnection(DbConnection connection)
    {
        _connection = connection;
        Writer = new IndexWriter(connection);
        Reader = new IndexReader(connection);
        List = new SubmissionIndex(connection);
        Ranked = new RankedIndex(connection);
        Lives = new LifeIndex(connection);
        Snapshot = new IndexSnapshot(connection);
        Resolver = new SelectionResolver(connection);
    }

    public IndexWriter Writer { get; }
    public IndexReader Reader { get; }
    public SubmissionIndex List { get; }
    public RankedIndex Ranked { get; }
    public LifeIndex Lives { get; }
    public IndexSnapshot Snapshot { get; }
    public SelectionResolver Resolver { get; }

    public static IndexConnection Open(string path, string storeId) =>
        new(IndexFile.Open(path, storeId));

    public void Dispose()
    {
        Writer.Dispose();
        _connection.Dispose();
    }
}
