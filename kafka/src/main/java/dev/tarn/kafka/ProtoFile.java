package dev.tarn.kafka;
final class ProtoFile { static ProtoFile of(int id, SchemaRegistry.Registered s) throws Undecodable { throw new Undecodable("x"); } void read(byte[] m,int f,JsonBytes o) throws Undecodable {} }
