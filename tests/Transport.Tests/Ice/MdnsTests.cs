using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class MdnsTests
{
    private readonly MemoryLink _link = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Query_Written_AsksForBothFamilies()
    {
        byte[] buffer = new byte[MdnsMessage.MaxSize];
        int length = MdnsMessage.WriteQuery(buffer, "a.local", wantsUnicast: true);
        Assert.Equal("00000000000200000000000001610" + "56C6F63616C00000180010161056C6F63616C00001C8001", Convert.ToHexString(buffer.AsSpan(0, length)));
        MdnsMessage query = MdnsMessage.Decode(buffer.AsSpan(0, length))!;
        Assert.False(query.IsResponse);
        Assert.Equal([new("a.local", 1, true), new("a.local", 28, true)], query.Questions);
    }

    [Theory]
    [InlineData("192.0.2.1", "000084000000000100000000" + "01610" + "56C6F63616C00" + "00018001000000780004C0000201")]
    [InlineData("2001:db8::1", "000084000000000100000000" + "01610" + "56C6F63616C00" + "001C800100000078001020010DB8000000000000000000000001")]
    public void Response_Written_HasTheAddress(string address, string hex)
    {
        byte[] buffer = new byte[MdnsMessage.MaxSize];
        var answer = new MdnsAddress("a.local", Address(address));
        int length = MdnsMessage.WriteResponse(buffer, answer, legacy: null);
        Assert.Equal(hex, Convert.ToHexString(buffer.AsSpan(0, length)));
        Assert.Equal([answer], MdnsMessage.Decode(buffer.AsSpan(0, length))!.Addresses);
    }

    [Fact]
    public void Decode_Truncated_IsNullOrNothing()
    {
        byte[] buffer = new byte[MdnsMessage.MaxSize];
        int length = MdnsMessage.WriteResponse(buffer, new MdnsAddress("a.local", Address("192.0.2.1")), legacy: null);
        for (int cut = 0; cut < length; cut++)
        {
            Assert.Null(MdnsMessage.Decode(buffer.AsSpan(0, cut)));
        }
    }

    [Theory]
    [InlineData("1f4712db-ea17-4bcf-a596-105139dfd8bf.local", true)]
    [InlineData("1F4712DB-EA17-4BCF-A596-105139DFD8BF.LOCAL", true)]
    [InlineData("printer.local", false)]
    [InlineData("1f4712db-ea17-4bcf-a596-105139dfd8bf.example.org", false)]
    [InlineData(".local", false)]
    [InlineData("1f4712db-ea17-4bcf-a596-105139dfd8bf.x.local", false)]
    public void HostName_IsRandom_TakesUuidsAlone(string name, bool random) => Assert.Equal(random, MdnsHostName.IsRandom(name));

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Name_Published_IsResolvedByTheOther()
    {
        MdnsNames left = _link.Join("192.0.2.1", _time);
        MdnsNames right = _link.Join("192.0.2.2", _time);
        using IMdnsName name = left.Publish(Address("192.0.2.1"))!;
        Assert.True(MdnsHostName.IsRandom(name.Name));
        Assert.Equal(Address("192.0.2.1"), await right.ResolveAsync(name.Name.ToUpperInvariant(), default));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Name_NobodyHas_IsGivenUpAfterThreeSecondsAndTwoQueries()
    {
        MdnsNames names = _link.Join("192.0.2.1", _time);
        Task<TransportAddress> resolving = names.ResolveAsync(MdnsHostName.Create(), default).AsTask();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True((await resolving).IsNone);
        Assert.Equal(2, _link.Multicasts);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("198.51.100.1", 5353, "192.0.2.9")]
    [InlineData("192.0.2.9", 5354, "192.0.2.9")]
    [InlineData("192.0.2.9", 5353, "127.0.0.1")]
    [InlineData("192.0.2.9", 5353, "0.0.0.0")]
    public async Task Answer_FromElsewhereOrForLoopback_IsNotBelieved(string source, int port, string address)
    {
        MdnsNames names = _link.Join("192.0.2.1", _time);
        string name = MdnsHostName.Create();
        Task<TransportAddress> resolving = names.ResolveAsync(name, default).AsTask();
        names.Handle(Response(name, address), Address(source).WithPort(port));
        Assert.False(resolving.IsCompleted);
        names.Handle(Response(name, "192.0.2.9"), Address("192.0.2.9").WithPort(5353));
        Assert.Equal(Address("192.0.2.9"), await resolving);
    }

    [Fact]
    public void Query_OfAPlainResolver_IsAnsweredToItWithItsIdAndQuestion()
    {
        MdnsNames names = _link.Join("192.0.2.1", _time);
        using IMdnsName name = names.Publish(Address("192.0.2.1"))!;
        byte[] query = new byte[MdnsMessage.MaxSize];
        int length = MdnsMessage.WriteQuery(query, name.Name, wantsUnicast: false);
        query[1] = 7;
        names.Handle(query.AsSpan(0, length), Address("192.0.2.3").WithPort(40000));
        (byte[] bytes, TransportAddress destination) = Assert.Single(_link.Unicasts);
        MdnsMessage answer = MdnsMessage.Decode(bytes)!;
        Assert.Equal((7, 40000), (answer.Id, destination.Port));
        Assert.Single(answer.Questions);
        Assert.Single(answer.Addresses);
    }

    [Fact]
    public void Query_Repeated_IsMulticastOnceASecond()
    {
        MdnsNames names = _link.Join("192.0.2.1", _time);
        using IMdnsName name = names.Publish(Address("192.0.2.1"))!;
        byte[] query = new byte[MdnsMessage.MaxSize];
        int length = MdnsMessage.WriteQuery(query, name.Name, wantsUnicast: false);
        int before = _link.Multicasts;
        for (int i = 0; i < 100; i++)
        {
            names.Handle(query.AsSpan(0, length), Address("192.0.2.3").WithPort(5353));
        }

        Assert.Equal(before + 1, _link.Multicasts);
        _time.Advance(TimeSpan.FromSeconds(1));
        names.Handle(query.AsSpan(0, length), Address("192.0.2.3").WithPort(5353));
        Assert.Equal(before + 2, _link.Multicasts);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task NamedHosts_OnOneLink_ConnectWithoutTellingAddresses()
    {
        var names = new TableOfNames();
        IceOptions options = IceGatheringTests.On("127.0.0.1") with { Policy = IcePolicy.NamedHosts, MdnsNames = names };
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(options, options);
        string told = (await peers.Left.DescribeAsync()).ToJson();
        Assert.Contains(".local", told, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", told, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task RemoteName_ThatIsNotRandomOrOneTooMany_IsRefused()
    {
        await using var ice = new IceConnection(IceGatheringTests.On("127.0.0.1") with { MdnsNames = new TableOfNames() });
        Assert.Equal(RemoteCandidateStatus.Unresolved, ice.AddRemote(Named("printer.local")));
        for (int i = 0; i < RemoteNames.MaxNames; i++)
        {
            Assert.Equal(RemoteCandidateStatus.Queued, ice.AddRemote(Named(MdnsHostName.Create())));
        }

        Assert.Equal(RemoteCandidateStatus.LimitReached, ice.AddRemote(Named(MdnsHostName.Create())));
    }

    private static IceSignal Named(string name)
        => IceSignal.Parse($$"""{"candidate":"candidate:1 1 udp 2130706431 {{name}} 8998 typ host"}""");

    private static TransportAddress Address(string text) => TransportAddress.FromIPAddress(IPAddress.Parse(text), 0);

    private static byte[] Response(string name, string address)
    {
        byte[] buffer = new byte[MdnsMessage.MaxSize];
        return buffer[..MdnsMessage.WriteResponse(buffer, new MdnsAddress(name, Address(address)), legacy: null)];
    }

    /// <summary>A link within the process: 192.0.2.0/24.</summary>
    private sealed class MemoryLink
    {
        private readonly List<(TransportAddress Address, MdnsNames Names)> _members = [];

        public int Multicasts { get; private set; }

        public List<(byte[] Bytes, TransportAddress Destination)> Unicasts { get; } = [];

        public MdnsNames Join(string address, TimeProvider time)
        {
            TransportAddress from = Address(address).WithPort(5353);
            var names = new MdnsNames(new End(this, from), time);
            _members.Add((from, names));
            return names;
        }

        private sealed class End(MemoryLink link, TransportAddress from) : IMdnsLink
        {
            public bool SendToAll(ReadOnlySpan<byte> message)
            {
                link.Multicasts++;
                foreach ((TransportAddress address, MdnsNames names) in link._members)
                {
                    if (address != from)
                    {
                        names.Handle(message, from);
                    }
                }

                return true;
            }

            public void Send(ReadOnlySpan<byte> message, TransportAddress destination)
            {
                link.Unicasts.Add((message.ToArray(), destination));
                foreach ((TransportAddress address, MdnsNames names) in link._members)
                {
                    if (address == destination)
                    {
                        names.Handle(message, from);
                    }
                }
            }

            public bool IsOnLink(TransportAddress source) => source.Bits >> 8 == Address("192.0.2.0").Bits >> 8;
        }
    }

    /// <summary>Names that are known at once.</summary>
    private sealed class TableOfNames : IMdnsNames
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, TransportAddress> _names = new();

        public IMdnsName? Publish(TransportAddress address)
        {
            var name = new Entry(MdnsHostName.Create());
            _names[name.Name] = address;
            return name;
        }

        public ValueTask<TransportAddress> ResolveAsync(string name, CancellationToken cancellationToken)
            => new(_names.GetValueOrDefault(name));

        private sealed class Entry(string name) : IMdnsName
        {
            public string Name => name;

            public void Dispose()
            {
            }
        }
    }
}
